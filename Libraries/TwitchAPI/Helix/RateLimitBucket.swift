/// How many requests Twitch still allows: a copy of its token bucket, kept by its `Ratelimit-*` headers. No I/O.
///
/// Times are milliseconds of a clock that nobody sets. Nothing is assumed before the first answer.
package struct RateLimitBucket: Hashable, Sendable {
    /// `Ratelimit-Limit`: the bucket's size in points.
    package private(set) var limit: Int?
    private var remaining: Int?
    /// When the bucket is full again.
    private var resetAt: Int64 = 0
    /// Until when Twitch told us to wait.
    private var blockedUntil: Int64 = 0
    /// Requests whose answer is not there yet: their points are not in `remaining`.
    private var inFlight = 0

    /// A wait is never longer: a header that says more is wrong, or the clocks are.
    private static let longestWait: Int64 = 120_000

    package init() {}

    /// The points that are left as far as is known.
    package var left: Int? { remaining.map { max(0, $0 - inFlight) } }

    /// Takes a point for a request that is to be sent now, or says how long to wait before asking again.
    package mutating func take(at now: Int64) -> Duration? {
        if now < blockedUntil { return .milliseconds(blockedUntil - now) }
        if now >= resetAt, let limit { remaining = limit }
        if let remaining, remaining - inFlight <= 0, now < resetAt {
            return .milliseconds(min(resetAt - now, Self.longestWait))
        }
        inFlight += 1
        return nil
    }

    /// A request has ended, answered or not.
    package mutating func ended() { inFlight = max(0, inFlight - 1) }

    /// The headers of an answer; `resetAt` is when the bucket is full again, as `Ratelimit-Reset` says. Answers may come in another order than they were
    /// made in: within one period the lowest count is the newest.
    package mutating func note(limit: Int?, remaining: Int?, resetAt: Int64?, at now: Int64) {
        if let limit, Self.points.contains(limit), limit > 0 { self.limit = limit }
        guard let remaining, Self.points.contains(remaining), let resetAt else { return }
        let reset = Self.bounded(resetAt, at: now)
        if let known = self.remaining, reset <= self.resetAt, now < self.resetAt {
            self.remaining = min(known, remaining)
        } else {
            self.remaining = remaining
        }
        self.resetAt = max(self.resetAt, reset)
    }

    /// Status 429: nothing more before `resetAt`, and at least `least` from now; then all points are back.
    package mutating func exhausted(resetAt: Int64?, at now: Int64, least: Duration = .seconds(1)) {
        let earliest = now + Int64(least / .milliseconds(1))
        let reset = resetAt.map { Self.bounded($0, at: now) } ?? earliest
        blockedUntil = max(blockedUntil, earliest, reset)
        // A refusal is newer than what earlier answers said: a later reset of theirs would stop requests that are allowed.
        if resetAt != nil { self.resetAt = blockedUntil }
    }

    private static func bounded(_ reset: Int64, at now: Int64) -> Int64 { min(reset, now + longestWait) }

    /// What a count of points may be: with anything beyond nobody could reckon.
    private static let points = 0...1_000_000
}
