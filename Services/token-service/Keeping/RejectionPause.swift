import ServiceRuntime

/// How soon a rejected token is renewed: the first one at once, one that was renewed for that very reason more and more
/// slowly. A chat server that refuses each new token must not make us ask for a new one each second.
struct RejectionPause: Sendable {
    private var last: ContinuousClock.Instant?
    private var backoff = Backoff(base: .seconds(60), cap: .seconds(3600))

    /// A rejection this long after the last one is a new matter.
    private static let memory: Duration = .seconds(3600)
    private static let least: Duration = .seconds(30)

    /// When to renew a token that was rejected now.
    mutating func due(
        at now: ContinuousClock.Instant,
        using generator: inout some RandomNumberGenerator
    ) -> ContinuousClock.Instant {
        if let last, now - last < Self.memory {
            let due = max(now, last + Self.least + self.backoff.next(using: &generator))
            self.last = due
            return due
        }
        self.backoff.reset()
        self.last = now
        return now
    }
}
