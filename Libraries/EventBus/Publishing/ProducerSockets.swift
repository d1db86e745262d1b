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
    let events: Mutex<Events?>
    let requests: Mutex<Socket?>

    private static let eventOptions = SocketOptions(
        sendHighWaterMark: 8192,
        lingerMilliseconds: 200,
        maximumMessageBytes: 1 << 16
    )
    // Replies to FETCH are about 1 MiB: a follower that does not read its replies gets no more of them.
    private static let requestOptions = SocketOptions(
        sendHighWaterMark: 8,
        lingerMilliseconds: 200,
        maximumMessageBytes: 1 << 20
    )
    private static let portTries = 32

    /// Binds both.
    init(_ address: BusAddress, heads: [Int: Offset], context: Context) throws {
        if case .ipc(let path) = address.transport { try Self.makeFolder(of: path) }
        var tries = 0
        while true {
            let events = try Socket(.xpub, in: context, options: Self.eventOptions)
            let requests = try Socket(.router, in: context, options: Self.requestOptions)
            do throws(ZeroMQError) {
                let bound = try Self.bound(address, as: events.bind(address.description))
                try requests.bind(bound.requests)
                self.address = bound
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

    /// Only the user may enter: who can reach an ipc socket can read what is said on it.
    private static func makeFolder(of path: String) throws {
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
        let folder = String(path[..<slash])
        guard !FileManager.default.fileExists(atPath: folder) else { return }
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
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
