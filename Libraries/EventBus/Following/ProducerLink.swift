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
    let events: Socket
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
    var lastAcknowledged: Instant?
    /// Not among the endpoints any more.
    var isWithdrawn = false

    private let context: Context
    private var subscriptions: Set<String>
    private static let requestOptions = SocketOptions(sendHighWaterMark: 64, receiveHighWaterMark: 64)

    init(
        _ address: BusAddress,
        subscriptions: [String],
        receiveHighWaterMark: Int32,
        context: Context,
        now: Instant
    ) throws(ZeroMQError) {
        self.address = address
        self.context = context
        retryAt = now
        lastHeard = now
        let options = SocketOptions(receiveHighWaterMark: receiveHighWaterMark, maximumMessageBytes: 1 << 20)
        events = try Socket(.sub, in: context, options: options)
        requests = try Socket(.dealer, in: context, options: Self.requestOptions)
        self.subscriptions = Set(subscriptions)
        for subscription in self.subscriptions.union([HeartbeatCodec.topicPrefix]) {
            try events.subscribe(subscription)
        }
        try events.connect(address.description)
        try requests.connect(address.requests)
    }

    /// Changes what is subscribed to. What is published before the producer knows of it comes from its journal.
    func subscribe(to wanted: Set<String>) throws(ZeroMQError) {
        for subscription in wanted.subtracting(subscriptions) { try events.subscribe(subscription) }
        for subscription in subscriptions.subtracting(wanted) { try events.unsubscribe(subscription) }
        subscriptions = wanted
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

    /// Replaces the request connection, because what was sent on it may or may not have arrived.
    /// - Returns: The numbers that will have no reply.
    func reconnectRequests() throws(ZeroMQError) -> [Int] {
        requests = try Socket(.dealer, in: context, options: Self.requestOptions)
        try requests.connect(address.requests)
        defer { pending = [:] }
        return Array(pending.keys)
    }
}
