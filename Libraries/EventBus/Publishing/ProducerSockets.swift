import Foundation
import Protocol
import Synchronization
import ZeroMQ

/// The two bound sockets of one producer: events go out on one, requests come in on the other.
///
/// Each is in a mutex of its own: the commit thread and the heartbeat share the first, and no call under a lock waits.
final class ProducerSockets: Sendable {
    /// The event socket and the last offset that was sent on it, of each partition: a heartbeat must never announce
    /// what was not sent before it, or every follower would fetch without need.
    struct Events: ~Copyable {
        var socket: Socket
        var heads: [Int: Offset]
    }

    /// Where both are bound, with the real port.
    let address: BusAddress
    /// The same with the interface's or host's name resolved.
    let numericAddress: BusAddress
    let events: Mutex<Events?>
    let requests: Mutex<Socket?>
    /// Whom an encrypted endpoint lets in; nil for plain text.
    let access: EndpointGuard?
    private let context: Context

    private static let portTries = 32
    private static let rebindTries = 500

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
                self.requests = Mutex(requests)
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

    private static func eventOptions(_ access: EndpointGuard?) -> SocketOptions {
        SocketOptions(
            sendHighWaterMark: 8192,
            lingerMilliseconds: 200,
            maximumMessageBytes: 1 << 16,
            curve: access?.role
        )
    }

    /// Replies to FETCH are about 1 MiB: a follower that does not read its replies gets no more of them.
    private static func requestOptions(_ access: EndpointGuard?) -> SocketOptions {
        SocketOptions(
            sendHighWaterMark: 8,
            lingerMilliseconds: 200,
            maximumMessageBytes: 1 << 20,
            curve: access?.role
        )
    }

    /// Closes both and binds them again at the same place: everybody has to connect anew, and is looked at anew.
    func rebind() throws {
        try events.withLock { live in
            try requests.withLock { requests in
                guard let heads = live?.heads else { return }
                live = nil
                requests = nil
                let events = try Socket(.xpub, in: context, options: Self.eventOptions(access))
                let fresh = try Socket(.router, in: context, options: Self.requestOptions(access))
                try Self.bindPatiently(events, address.description)
                try Self.bindPatiently(fresh, address.requests)
                live = Events(socket: events, heads: heads)
                requests = consume fresh
            }
        }
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

    /// Answers up to `limit` requests with what `reply` makes of each.
    func answerRequests(_ limit: Int, _ reply: ([UInt8]) throws -> [UInt8]) throws {
        var asker: [UInt8] = []
        var request: [UInt8] = []
        for _ in 0..<limit {
            guard try receiveRequest(from: &asker, into: &request) else { return }
            let reply = try reply(request)
            try requests.withLock { socket throws(ZeroMQError) in
                guard try socket?.send(asker, more: true) == true else { return }
                try socket?.send(reply)
            }
        }
    }

    /// Takes one request; false if there is none. A ROUTER puts the asker's identity before it.
    private func receiveRequest(from asker: inout [UInt8], into request: inout [UInt8]) throws(ZeroMQError) -> Bool {
        try requests.withLock { socket throws(ZeroMQError) in
            request.removeAll(keepingCapacity: true)
            switch try socket?.receive(into: &asker) {
            case nil, .nothing: return false
            case .last: return true
            case .more: break
            }
            var rest: [UInt8] = []
            guard case .more = try socket?.receive(into: &request) else { return true }
            // Several frames are no request of ours: an empty one is answered with an error.
            while case .more = try socket?.receive(into: &rest) {}
            request.removeAll(keepingCapacity: true)
            return true
        }
    }

    /// Sends committed events live. Never waits: who is not there, or too slow, fetches later.
    func publish(_ events: [JournalEvent]) throws {
        try self.events.withLock { live throws(ZeroMQError) in
            for event in events {
                _ = try live?.socket.send(event.frame)
                live?.heads[event.partition] = event.offset
            }
        }
    }

    /// Sends a heartbeat, and lets libzmq take in what followers subscribed to meanwhile.
    func beat(_ heartbeat: ([Int: Offset]) throws -> [UInt8]) throws {
        try self.events.withLock { live in
            guard let heads = live?.heads else { return }
            // Subscriptions are also queued for the application, which has to take them or they pile up.
            while try live?.socket.receive() != nil {}
            _ = try live?.socket.send(heartbeat(heads))
        }
    }

    /// What was sent so far.
    var heads: [Int: Offset] { events.withLock { $0?.heads ?? [:] } }

    /// The request socket, for the serving thread to wait on; nil once closed.
    var requestTarget: PollTarget? { requests.withLock { $0?.pollTarget } }

    /// Closes both, and removes their files, which libzmq leaves: a follower need not try them any more. For who still
    /// holds the slot's lock, or the next owner's files could be removed instead.
    func close() {
        events.withLock { $0 = nil }
        requests.withLock { $0 = nil }
        guard case .ipc(let path) = address.transport else { return }
        for file in [path, path + ".req"] { try? FileManager.default.removeItem(atPath: file) }
    }

    /// Only the user may enter: who can reach an ipc socket can read what is said on it. Never for a moment may others,
    /// or a service that starts beside us would refuse the folder.
    private static func makeFolder(of path: String) throws {
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
        let folder = String(path[..<slash])
        do {
            try DurableFile.makeDirectory(folder)
        } catch {
            throw BusAddressError("ipc://\(path)", "cannot create the folder \(folder); check who owns STATE_DIR")
        }
    }

    private static func bound(_ address: BusAddress, as endpoint: String) -> BusAddress {
        guard case .tcp(let host, nil) = address.transport, let bound = try? BusAddress(endpoint),
            case .tcp(_, let port) = bound.transport
        else { return address }
        return BusAddress(.tcp(host: host, port: port))
    }
}
