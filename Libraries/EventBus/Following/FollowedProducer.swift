import Protocol

/// One producer as the follower's thread knows it, whatever connection leads to it.
final class FollowedProducer {
    var hello: ProducerHello
    var state: FollowerState
    /// The partitions that are followed.
    var partitions: Set<Int>
    /// The newest published offset of each partition, by its heartbeats.
    var heads: [Int: Offset] = [:]
    /// Which `follow` the deliveries belong to.
    var generation = 0
    /// The newest acknowledgement, and the one that the producer has confirmed.
    var acknowledgement: Acknowledgement?
    var confirmed: Acknowledgement?
    /// The consumer has acknowledged since the last time it was said. Also what is confirmed is said again then: a producer
    /// that was killed may have forgotten it, and one that hears nothing prunes nothing.
    var isAcknowledgementDue = false
    /// What it said to the last acknowledgement since it was found: told when it changes, not with every heartbeat.
    var isAccepting: Bool?

    init(hello: ProducerHello, partitions: Set<Int>, recovery: EventFollower.Configuration.Recovery) {
        self.hello = hello
        self.partitions = partitions
        state = FollowerState(partitions: partitions, recovery: recovery)
    }
}
