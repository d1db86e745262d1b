/// The publisher's times, so that a test need not wait for them.
struct PublisherTiming: Sendable {
    var heartbeat: Duration = .milliseconds(500)
    /// Between two commits, so that a trickle of events does not cost a sync each.
    var commitPause: Duration = .milliseconds(2)
    var prune: Duration = .seconds(30)
    /// Between two looks for slots that a dead process left behind.
    var adoption: Duration = .seconds(5)
    /// Between two looks at the public keys.
    var access: Duration = .seconds(2)
    /// How long a stop goes on trying to commit what is queued: a service has 5 s to end, its other parts come first.
    var drain: Duration = .seconds(2)
    /// How long a stop goes on serving a writer that has not stored everything yet. Usually a third of a second is enough:
    /// the writer's batch, its commit and its acknowledgement.
    var farewell: Duration = .milliseconds(2500)
}
