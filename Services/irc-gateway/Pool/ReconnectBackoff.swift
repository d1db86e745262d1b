import ServiceRuntime

/// How long to wait before the next connection: exponential with full jitter, from one second to one minute.
struct ReconnectBackoff: Sendable {
    /// The bounds of the pauses.
    struct Policy: Hashable, Sendable {
        var first: Duration = .seconds(1)
        var longest: Duration = .seconds(60)
        /// A connection that had a channel for this long was a good one.
        var proof: Duration = .seconds(10)
    }

    private let proof: Duration
    private var backoff: Backoff

    init(_ policy: Policy = .init()) {
        proof = policy.proof
        backoff = Backoff(base: policy.first, cap: policy.longest)
    }

    /// The pause after a connection has ended. `joinedFor` is since its first channel was joined; nil when none ever was.
    mutating func pause(joinedFor: Duration?, using generator: inout some RandomNumberGenerator) -> Duration {
        // Whoever accepts a login and drops the connection a second later is not to be asked each second.
        if let joinedFor, joinedFor >= proof { backoff.reset() }
        return backoff.next(using: &generator)
    }
}
