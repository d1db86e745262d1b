import Foundation
import Protocol
import Synchronization
import ZeroMQ

/// The two bound sockets of one producer: events go out on one, requests come in on the other.
///
/// Each is in a mutex of its own: the commit thread and the heartbeat share the first, and no call under a lock waits. They
/// may be closed for a while, because an address cannot be bound just now: what is published meanwhile is in the journal.
final class ProducerSockets: Sendable {
    /// The event socket and the last offset that was sent on it, of each partition: a heartbeat must never announce
    /// what was not sent before it, or every follower would fetch without need.
    struct Events: ~Copyable {
        var socket: Socket?
        var heads: [Int: Offset]
        var load = SubscriptionLoad()
    }

    struct Requests: ~Copyable {
        var socket: Socket?
        /// The connections that have fetched. libzmq keeps up to `pageQueue` pages for each that does not read.
        var fetchers: Set<[UInt8]> = []
    }

    /// Why the sockets were closed by themselves.
    enum Overload: Hashable, Sendable {
        /// Followers subscribed to too much, the owner of this key to most of it.
        case subscriptions(heaviest: String?)
        /// Too many connections fetched, and may not have read what they asked for.
        case fetchers
    }

    /// Where both are bound, with the real port.
    let address: BusAddress
    /// The same with the interface's or host's name resolved.
    let numericAddress: BusAddress
    let events: Mutex<Events>
    let requests: Mutex<Requests>
    /// Whom an encrypted endpoint lets in; nil for plain text.
    let access: EndpointGuard?
    private let overload = Mutex<Overload?>(nil)
    private let files: Mutex<SocketFiles?>
    private let context: Context

    private static let portTries = 32
    private static let rebindTries = 50
    /// Replies that wait for one connection: a follower has half as many requests under way at most.
    static let pageQueue: Int32 = 8
    /// With a page of 1 MiB each, 512 MiB at the worst, all of it of followers that are allowed to connect.
    static let mostFetchers = 64

    /// Binds both.
    init(_ address: BusAddress, heads: [Int: Offset], access: EndpointGuard? = nil, context: Context) throws {
        self.access = access
        self.context = context
        if case .ipc(let path) = address.transport { try Self.makeFolder(of: path) }
        var tries = 0
        while true {
            let events = try Socket(.xpub, in: context, options: Self.eventOptions(access))
            let requests = try Socket(.router, in: context, options: Self.requestOptions(access))
            do throws(ZeroMQError) {
                let endpoint = try events.bind(address.description)
                let bound = Self.bound(address, as: endpoint)
                try requests.bind(bound.requests)
                self.address = bound
                numericAddress = (try? BusAddress(endpoint)) ?? bound
                self.events = Mutex(Events(socket: events, heads: heads))
                self.requests = Mutex(Requests(socket: requests))
                files = Mutex(SocketFiles(of: bound))
                return
            } catch {
                // With `*` the next port may belong to somebody else: take another pair.
                tries += 1
                guard case .tcp(_, nil) = address.transport, error.isRetriable, tries < Self.portTries else {
                    throw error
                }
            }
        }
    }

    /// What a follower sends on it are subscriptions: topics of 200 bytes at most, and the handshake.
    private static func eventOptions(_ access: EndpointGuard?) -> SocketOptions {
        var options = SocketOptions(
            sendHighWaterMark: 8192,
            receiveHighWaterMark: 256,
            lingerMilliseconds: 200,
            maximumMessageBytes: 1 << 10,
            curve: access?.role
        )
        options.reportsEverySubscription = true
        return options
    }

    /// A request is a few KiB. A follower that does not read its replies gets no more of them, and is put out in the end.
    private static func requestOptions(_ access: EndpointGuard?) -> SocketOptions {
        var options = SocketOptions(
            sendHighWaterMark: pageQueue,
            receiveHighWaterMark: 64,
            lingerMilliseconds: 200,
            maximumMessageBytes: 1 << 16,
            curve: access?.role
        )
        options.stalledMilliseconds = 30_000
        return options
    }

    /// Closes both and binds them again at the same place: everybody has to connect anew, and is looked at anew.
    ///
    /// Where that fails both stay closed, and it is to be called again.
    func rebind() throws {
        disconnectAll()
        if case .ipc(let path) = address.transport { try Self.makeFolder(of: path) }
        do throws(ZeroMQError) {
            try events.withLock { events throws(ZeroMQError) in
                let socket = try Socket(.xpub, in: context, options: Self.eventOptions(access))
                try Self.bindPatiently(socket, address.description)
                events.socket = consume socket
            }
            try requests.withLock { requests throws(ZeroMQError) in
                let socket = try Socket(.router, in: context, options: Self.requestOptions(access))
                try Self.bindPatiently(socket, address.requests)
                requests.socket = consume socket
            }
        } catch {
            disconnectAll()
            throw error
        }
        let bound = SocketFiles(of: address)
        files.withLock { $0 = bound }
    }

    /// libzmq closes in the background: the port is free again some milliseconds later.
    private static func bindPatiently(_ socket: borrowing Socket, _ endpoint: String) throws(ZeroMQError) {
        var tries = 0
        while true {
            do throws(ZeroMQError) {
                try socket.bind(endpoint)
                return
            } catch {
                tries += 1
                guard error.isRetriable, tries < rebindTries else { throw error }
                Thread.sleep(forTimeInterval: 0.01)
            }
        }
    }

    /// Whether followers can connect.
    var isOpen: Bool { events.withLock { $0.socket != nil } && requests.withLock { $0.socket != nil } }

    /// Why the sockets closed themselves since the last call.
    func takeOverload() -> Overload? { overload.withLock { $0.take() } }

    /// Whether the files of ipc sockets are still those that were bound.
    var filesState: SocketFiles.State { files.withLock { $0?.state ?? .inPlace } }

    private func disconnectAll() {
        events.withLock { live in
            live.socket = nil
            live.load = SubscriptionLoad()
        }
        requests.withLock { requests in
            requests.socket = nil
            requests.fetchers = []
        }
    }

    /// Answers up to `limit` requests with what `reply` makes of each.
    func answerRequests(_ limit: Int, _ reply: ([UInt8], RequestSender) throws -> BusReply) throws {
        var asker: [UInt8] = []
        var request: [UInt8] = []
        for _ in 0..<limit {
            guard let sender = try receiveRequest(from: &asker, into: &request) else { return }
            let answer = try reply(request, sender)
            let frame = try answer.encode()
            try requests.withLock { requests throws(ZeroMQError) in
                if case .fetch = answer { requests.fetchers.insert(asker) }
                if requests.fetchers.count > Self.mostFetchers {
                    requests.socket = nil
                    overload.withLock { $0 = .fetchers }
                }
                guard try requests.socket?.send(asker, more: true) == true else { return }
                try requests.socket?.send(frame)
            }
        }
    }

    /// Takes one request and says whose it is; nil if there is none. A ROUTER puts the asker's identity before it.
    private func receiveRequest(
        from asker: inout [UInt8],
        into request: inout [UInt8]
    ) throws(ZeroMQError) -> RequestSender? {
        try requests.withLock { requests throws(ZeroMQError) in
            request.removeAll(keepingCapacity: true)
            var name: String?
            switch try requests.socket?.receive(into: &asker, sender: &name) {
            case nil, .nothing: return nil
            case .last: return sender(name)
            case .more: break
            }
            var rest: [UInt8] = []
            // Several frames are no request of ours: an empty one is answered with an error.
            if case .more = try requests.socket?.receive(into: &request, sender: &name) {
                while case .more = try requests.socket?.receive(into: &rest) {}
                request.removeAll(keepingCapacity: true)
            }
            return sender(name)
        }
    }

    /// A name that libzmq does not tell is nobody's.
    private func sender(_ name: String?) -> RequestSender { access == nil ? .anybody : .key(name ?? "") }

    /// Sends committed events live. Never waits: who is not there, or too slow, fetches later.
    func publish(_ events: [JournalEvent]) throws {
        try self.events.withLock { live throws(ZeroMQError) in
            for event in events {
                _ = try live.socket?.send(event.frame)
                live.heads[event.partition] = event.offset
            }
            try takeSubscriptions(&live)
        }
    }

    /// Sends a heartbeat, and lets libzmq take in what followers subscribed to meanwhile.
    func beat(_ heartbeat: ([Int: Offset]) throws -> [UInt8]) throws {
        try self.events.withLock { live in
            guard live.socket != nil else { return }
            try takeSubscriptions(&live)
            _ = try live.socket?.send(heartbeat(live.heads))
        }
    }

    /// Subscriptions are also queued for the application, which has to take them or they pile up.
    private func takeSubscriptions(_ live: inout Events) throws(ZeroMQError) {
        var frame: [UInt8] = []
        var sender: String?
        while let received = try live.socket?.receive(into: &frame, sender: &sender) {
            if case .nothing = received { return }
            live.load.take(frame, from: sender)
            guard live.load.isTooMuch else { continue }
            overload.withLock { $0 = .subscriptions(heaviest: live.load.heaviestSender) }
            // With the connections goes what they subscribed to.
            live.socket = nil
        }
    }

    /// What was sent so far.
    var heads: [Int: Offset] { events.withLock { $0.heads } }

    /// The request socket, for the serving thread to wait on; nil while closed.
    var requestTarget: PollTarget? { requests.withLock { $0.socket?.pollTarget } }

    /// Closes both, and removes their files, which libzmq leaves: a follower need not try them any more. For who still
    /// holds the slot's lock, or the next owner's files could be removed instead.
    func close() {
        disconnectAll()
        files.withLock { $0?.remove() }
    }

    /// Only the user may enter: who can reach an ipc socket can read what is said on it. Never for a moment may others,
    /// or a service that starts beside us would refuse the folder.
    private static func makeFolder(of path: String) throws {
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
        let folder = String(path[..<slash])
        do {
            try DurableFile.makeDirectory(folder)
        } catch {
            throw BusAddressError("ipc://\(path)", "\(error)")
        }
    }

    private static func bound(_ address: BusAddress, as endpoint: String) -> BusAddress {
        guard case .tcp(let host, nil) = address.transport, let bound = try? BusAddress(endpoint),
            case .tcp(_, let port) = bound.transport
        else { return address }
        return BusAddress(.tcp(host: host, port: port))
    }
}
