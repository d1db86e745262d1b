import Protocol
import ZeroMQ

/// The two sockets to one token endpoint. Belongs to the follower's thread.
final class TokenLink {
    typealias Instant = ContinuousClock.Instant

    /// What was asked, and when to give up waiting.
    struct Pending {
        var isHello: Bool
        var deadline: Instant
    }

    let address: BusAddress
    private(set) var events: Socket
    private(set) var requests: Socket
    var pending: [Int: Pending] = [:]
    /// The producer that answers here, once it has introduced itself.
    var producer: String?
    var needsHello = true
    var retryAt: Instant
    var backoff = Backoff(first: .milliseconds(100), longest: .seconds(5))
    var lastHeard: Instant
    /// Not among the endpoints any more.
    var isWithdrawn = false
    private let context: Context

    init(_ address: BusAddress, curve: CurveRole?, context: Context, now: Instant) throws {
        self.address = address
        self.context = context
        retryAt = now
        lastHeard = now
        events = try Self.listening(to: address, curve, context)
        requests = try Self.asking(address, curve, context)
    }

    /// Replaces both connections: what was sent on them may or may not have arrived, and libzmq never tries again where
    /// a server has refused its key.
    /// - Returns: The numbers that will have no reply.
    func renew(_ curve: CurveRole?, now: Instant) throws -> [Int] {
        events = try Self.listening(to: address, curve, context)
        requests = try Self.asking(address, curve, context)
        needsHello = true
        lastHeard = now
        retryAt = now + backoff.failed()
        defer { pending = [:] }
        return Array(pending.keys)
    }

    /// Sends a request; false if it cannot be sent now.
    func ask(_ request: BusRequest, deadline: Instant) throws -> Bool {
        guard try requests.send(try request.encode()) else { return false }
        var isHello = false
        if case .hello = request { isHello = true }
        pending[request.request] = Pending(isHello: isHello, deadline: deadline)
        return true
    }

    var isHelloUnderWay: Bool { pending.values.contains { $0.isHello } }

    private static func listening(to address: BusAddress, _ curve: CurveRole?, _ context: Context) throws -> Socket {
        let socket = try Socket(.sub, in: context, options: SocketOptions(maximumMessageBytes: 1 << 17, curve: curve))
        try socket.subscribe("token.")
        try socket.subscribe(HeartbeatCodec.topicPrefix)
        try socket.connect(address.description)
        return socket
    }

    private static func asking(_ address: BusAddress, _ curve: CurveRole?, _ context: Context) throws -> Socket {
        let options = SocketOptions(
            sendHighWaterMark: 8,
            receiveHighWaterMark: 8,
            maximumMessageBytes: 1 << 20,
            curve: curve
        )
        let socket = try Socket(.dealer, in: context, options: options)
        try socket.connect(address.requests)
        return socket
    }
}
