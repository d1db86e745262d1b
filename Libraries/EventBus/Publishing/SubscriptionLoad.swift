/// How much of our memory the followers' subscriptions take. No I/O.
///
/// libzmq keeps each byte of a topic as a node of a tree, and has no bound. Ours are a few hundred prefixes at most.
struct SubscriptionLoad: Hashable, Sendable {
    /// All followers' subscriptions together.
    static let mostTopics = 10_000
    /// The bytes of their topics.
    static let mostBytes = 1 << 20

    private(set) var topics = 0
    private(set) var bytes = 0
    /// Subscriptions by the name of the key that made them; who has none shares one count.
    private var bySender: [String: Int] = [:]

    /// Takes what an `xpub` received: 1 or 0 for a subscription or its end, then the topic.
    mutating func take(_ frame: [UInt8], from sender: String?) {
        switch frame.first {
        case 1:
            topics += 1
            bytes += frame.count
            bySender[sender ?? "", default: 0] += 1
        case 0:
            topics = max(0, topics - 1)
            bytes = max(0, bytes - frame.count)
        default:
            break
        }
    }

    var isTooMuch: Bool { topics > Self.mostTopics || bytes > Self.mostBytes }

    /// Whose key subscribed most; nil where it had none.
    var heaviestSender: String? {
        bySender.max { ($0.value, $0.key) < ($1.value, $1.key) }.flatMap { $0.key.isEmpty ? nil : $0.key }
    }
}
