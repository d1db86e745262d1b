/// How long to wait before the next connection: exponential with full jitter, from one second to one minute.
struct ReconnectBackoff: Sendable {
    /// The bounds of the pauses.
    struct Policy: Hashable, Sendable {
        var first: Duration = .seconds(1)
        var longest: Duration = .seconds(60)
        /// A connection that was logged in for this long was a good one.
        var proof: Duration = .seconds(60)
    }

    private let policy: Policy
    private var failures = 0

    init(_ policy: Policy = .init()) {
        self.policy = policy
    }

    /// The pause after a connection has ended. `loggedInFor` is nil when it never was.
    mutating func pause(loggedInFor: Duration?, using generator: inout some RandomNumberGenerator) -> Duration {
        // Whoever accepts a login and drops the connection a second later is not to be asked each second.
        if let loggedInFor, loggedInFor >= policy.proof { failures = 0 }
        let ceiling = min(policy.first * (1 << min(failures, 20)), policy.longest)
        failures += 1
        return ceiling * Double.random(in: 0...1, using: &generator)
    }
}
