import Protocol
import ZeroMQ

/// The two sockets to one endpoint, and the requests under way on them. Belongs to the follower's thread.
final class ProducerLink {
    typealias Instant = ContinuousClock.Instant

    /// What was asked.
    enum Question: Hashable {
        case hello
        case heads
        case fetch
        case acknowledge(Acknowledgement)
    }

    struct Pending {
        var question: Question
        var deadline: Instant
    }

    let address: BusAddress
    private(set) var events: Socket
    private(set) var requests: Socket
    /// Requests by their number.
    private(set) var pending: [Int: Pending] = [:]
    /// The producer that answers here, once it has introduced itself.
    var producer: FollowedProducer?
    var needsHello = true
    var retryAt: Instant
    var backoff = Backoff(first: .milliseconds(100), longest: .seconds(5))
    var lastHeard: Instant
    var isSilent = false
    /// When the event socket last brought something, or was last left unread on purpose; nil before it brought anything.
    var lastEvent: Instant?
    /// Whether the last request was answered.
    var isAnswering = false
    /// HELLO is not asked before: what provokes it may be forged.
    var helloNotBefore: Instant
    /// Why who speaks there is not followed, in one line; nil when it is, or nobody speaks.
    var refusal: String?
    var lastAcknowledged: Instant?
    /// Not among the endpoints any more.
    var isWithdrawn = false

    private let context: Context
    private var subscriptions: Set<String>
    private let receiveHighWaterMark: Int32
    private(set) var curve: CurveRole?
    private var renewedAt: Instant

    init(
        _ address: BusAddress,
        subscriptions: [String],
        receiveHighWaterMark: Int32,
        curve: CurveRole?,
        context: Context,
        now: Instant
    ) throws(ZeroMQError) {
        self.address = address
        self.context = context
        self.subscriptions = Set(subscriptions)
        self.receiveHighWaterMark = receiveHighWaterMark
        self.curve = curve
        retryAt = now
        lastHeard = now
        helloNotBefore = now
        renewedAt = now
        let options = Self.eventOptions(receiveHighWaterMark, curve)
        events = try Self.listening(to: address, self.subscriptions, options, context)
        requests = try Self.asking(address, curve, context)
    }

    private static func listening(
        to address: BusAddress,
        _ subscriptions: Set<String>,
        _ options: SocketOptions,
        _ context: Context
    ) throws(ZeroMQError) -> Socket {
        let socket = try Socket(.sub, in: context, options: options)
        for subscription in subscriptions { try socket.subscribe(subscription) }
        try socket.subscribe(HeartbeatCodec.topicPrefix)
        try socket.connect(address.description)
        return socket
    }

    private static func asking(
        _ address: BusAddress,
        _ curve: CurveRole?,
        _ context: Context
    ) throws(ZeroMQError) -> Socket {
        let options = SocketOptions(sendHighWaterMark: 64, receiveHighWaterMark: 64, curve: curve)
        let socket = try Socket(.dealer, in: context, options: options)
        try socket.connect(address.requests)
        return socket
    }

    private static func eventOptions(_ receiveHighWaterMark: Int32, _ curve: CurveRole?) -> SocketOptions {
        SocketOptions(receiveHighWaterMark: receiveHighWaterMark, maximumMessageBytes: 1 << 20, curve: curve)
    }

    /// Changes what is subscribed to. What is published before the producer knows of it comes from its journal.
    func subscribe(to wanted: Set<String>) throws(ZeroMQError) {
        for subscription in wanted.subtracting(subscriptions) { try events.subscribe(subscription) }
        for subscription in subscriptions.subtracting(wanted) { try events.unsubscribe(subscription) }
        subscriptions = wanted
    }

    /// What vouches for whoever speaks there.
    var identity: ProducerIdentity {
        switch (address.transport, curve, address.keyName) {
        case (.ipc, _, _): .local
        case (.tcp, .client(_, let key)?, let name?):
            .key(service: name, fingerprint: KeyFingerprint.of(key) ?? "")
        case (.tcp, _, _): .plain
        }
    }

    /// Whether live events arrive and requests are answered.
    func isHeard(within silence: Duration, _ now: Instant) -> Bool {
        producer != nil && isAnswering && !isSilent && lastEvent.map { now - $0 < silence } ?? false
    }

    func isPending(_ matches: (Question) -> Bool) -> Bool {
        pending.values.contains { matches($0.question) }
    }

    /// Sends a request; false if the connection's queue is full, and then it was not sent.
    func ask(_ question: Question, _ request: BusRequest, deadline: Instant) throws -> Bool {
        guard try requests.send(try request.encode()) else { return false }
        pending[request.request] = Pending(question: question, deadline: deadline)
        return true
    }

    /// Takes the question that a reply answers; nil when the reply is stale.
    func answered(_ request: Int) -> Question? {
        pending.removeValue(forKey: request)?.question
    }

    /// Whether both connections are to be replaced: nothing was heard for `silence`, nor since the last time.
    ///
    /// libzmq never tries again once a server has refused its key, so that a key which is allowed later would
    /// otherwise need a restart. Plain connections are tried again by libzmq itself.
    func isRenewalDue(after silence: Duration, _ now: Instant) -> Bool {
        curve != nil && now - lastHeard >= silence && now - renewedAt >= silence
    }

    /// Replaces both connections.
    /// - Returns: The numbers of requests that will have no reply.
    func renew(curve: CurveRole, now: Instant) throws(ZeroMQError) -> [Int] {
        self.curve = curve
        renewedAt = now
        needsHello = true
        let options = Self.eventOptions(receiveHighWaterMark, curve)
        events = try Self.listening(to: address, subscriptions, options, context)
        return try reconnectRequests()
    }

    /// Replaces the request connection, because what was sent on it may or may not have arrived.
    /// - Returns: The numbers that will have no reply.
    func reconnectRequests() throws(ZeroMQError) -> [Int] {
        let failed = Array(pending.keys)
        // Also where no connection can be made now: a reply over the old one would be stale.
        pending = [:]
        requests = try Self.asking(address, curve, context)
        return failed
    }
}
