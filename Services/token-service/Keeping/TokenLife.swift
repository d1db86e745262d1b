import Protocol
import TokenStore

/// When a token ends, measured on the clock that nobody sets: a wall clock that is put right, or wrong, changes nothing of
/// it. Times of day are for files and for others; they are made from it.
struct TokenLife: Hashable, Sendable {
    /// When it ends; nil: no end is known, and it is valid until Twitch says otherwise.
    var end: ContinuousClock.Instant?
    /// From its issue to its end; nil where somebody else obtained it.
    var span: Duration?

    /// Nothing is known.
    init() {}

    /// Of a token that was obtained now.
    init(_ left: Duration?, from now: ContinuousClock.Instant) {
        self.end = left.map { now + $0 }
        self.span = left
    }

    /// Of a token that an earlier run or a login has stored. What only a wrong clock can have written, or only a wrong one
    /// can read so, is taken for unknown.
    init(_ token: StoredToken, at now: Moment) {
        let span = token.expiresAt.flatMap { end in
            token.obtainedAt.map { Duration.milliseconds(end.rawValue - $0.rawValue) }
        }
        self.span = span.flatMap { $0 > .zero && $0 <= Self.longest ? $0 : nil }
        guard let expiresAt = token.expiresAt else { return }
        let left = Duration.milliseconds(expiresAt.rawValue - now.time.rawValue)
        if left <= self.span ?? Self.longest { self.end = now.instant + left }
    }

    /// Twitch says now that the token is valid, for so long.
    mutating func confirm(_ left: Duration?, at now: ContinuousClock.Instant) {
        if let left {
            self.end = now + left
            if let span, span < left { self.span = nil }
        } else if let end, end <= now {
            // It lives, whatever was believed of its end.
            self = TokenLife()
        }
    }

    /// It has not ended, as far as is known.
    func isOn(at now: ContinuousClock.Instant) -> Bool { self.end.map { $0 > now } ?? true }

    /// When to renew it; nil where no end is known.
    func renewal(at now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        self.end.map { now + RefreshSchedule.due(remaining: $0 - now, lifetime: self.span) }
    }

    private static let longest: Duration = .seconds(315_360_000)
}
