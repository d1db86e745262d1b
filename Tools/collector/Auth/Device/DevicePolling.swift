/// When to ask Twitch whether the person has approved (RFC 8628, section 3.5). No I/O.
struct DevicePolling: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// What the last question led to.
    enum Answer: Hashable, Sendable {
        case pending
        /// We asked too often.
        case slowDown
        /// No answer, or none that says anything.
        case unreachable
    }

    /// The moment after which the code is good for nothing.
    let expiry: Instant
    private var interval: Duration
    private var failures = 0

    /// - Parameters:
    ///   - interval: as Twitch gave it; at least a second.
    ///   - lifetime: of the code.
    ///   - now: when the code was given.
    init(interval: Duration, lifetime: Duration, at now: Instant) {
        self.interval = max(interval, .seconds(1))
        expiry = now + lifetime
    }

    /// When to ask for the first time.
    func first(at now: Instant) -> Instant { now + interval }

    /// When to ask again; nil when the code will have expired by then.
    mutating func next(after answer: Answer, at now: Instant) -> Instant? {
        switch answer {
        case .pending: failures = 0
        case .slowDown:
            failures = 0
            interval += .seconds(5)
        case .unreachable: failures += 1
        }
        let pause = failures == 0 ? interval : min(interval * (1 << min(failures, 6)), max(interval, .seconds(60)))
        let next = now + pause
        return next < expiry ? next : nil
    }
}
