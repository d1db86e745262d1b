import HummingbirdCore
import NIOCore
import Synchronization

/// All connections of the HTTP port: how many there are, and which one has to go.
final class HTTPConnections: Sendable {
    /// A listening socket accepts up to this many before it asks again whether it may.
    private static let burst = 4

    private struct State {
        /// Accepted and not yet closed.
        var open = 0
        /// Of these, those that were told to close.
        var closing = 0
        var idle: [ObjectIdentifier: Idle] = [:]
    }

    /// A connection that waits for a request.
    private struct Idle {
        var channel: any Channel
        var since: NIODeadline
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) { self.limit = limit }

    /// Whether another batch may be accepted without exceeding the limit.
    var acceptsMore: Bool { self.state.withLock { $0.open + Self.burst <= self.limit } }

    func opened() {
        self.state.withLock { $0.open += 1 }
        self.makeRoom()
    }

    func closed() {
        self.state.withLock { state in
            state.open -= 1
            state.closing = max(0, state.closing - 1)
        }
    }

    /// Waits for a request from now on.
    func idles(_ channel: any Channel) {
        self.state.withLock { $0.idle[ObjectIdentifier(channel)] = Idle(channel: channel, since: .now()) }
        self.makeRoom()
    }

    /// Works on a request, or is gone.
    func isNotIdle(_ channel: any Channel) {
        _ = self.state.withLock { $0.idle.removeValue(forKey: ObjectIdentifier(channel)) }
    }

    /// Closes whoever has been idle longest until there is room for another batch; who works on a request stays.
    private func makeRoom() {
        let excess = self.state.withLock { state -> [any Channel] in
            var channels: [any Channel] = []
            while state.open - state.closing + Self.burst > self.limit,
                let oldest = state.idle.min(by: { $0.value.since < $1.value.since })
            {
                state.idle[oldest.key] = nil
                state.closing += 1
                channels.append(oldest.value.channel)
            }
            return channels
        }
        for channel in excess { channel.close(promise: nil) }
    }
}

/// Stops accepting while there are too many: what comes waits in the kernel and costs no descriptor.
struct HTTPAcceptance: AvailableConnectionsDelegate {
    let connections: HTTPConnections

    mutating func connectionOpened() { self.connections.opened() }
    mutating func connectionClosed() { self.connections.closed() }
    func isAcceptingNewConnections() -> Bool { self.connections.acceptsMore }
}
