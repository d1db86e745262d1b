/// How often one keeper may ask Twitch at all, whatever the answers were: the last line of defence against a server that
/// succeeds strangely. Each pause after a failure, and each schedule, is longer on its own account. No I/O.
struct RequestLimit: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// Requests within a ``window``.
    let most: Int
    private var sent: [Instant] = []

    static let window: Duration = .seconds(60)

    init(most: Int) { self.most = most }

    /// Takes a request's place; false when there is none at the moment.
    mutating func take(at now: Instant) -> Bool {
        self.sent.removeAll { now - $0 >= Self.window }
        guard self.sent.count < self.most else { return false }
        self.sent.append(now)
        return true
    }
}

/// How soon one renewal may follow another that succeeded. Three may follow each other as fast as tokens end. A server
/// whose tokens end within seconds, or that calls each new one invalid, is then asked more and more rarely: a refresh token
/// that works once must not be spent in a loop. No I/O.
struct RenewalPace: Sendable {
    typealias Instant = ContinuousClock.Instant

    private var last: Instant?
    /// How many more renewals came hastily after the one before than did not.
    private var hasty = 0

    private static let free = 3
    private static let least: Duration = .seconds(30)
    private static let most: Duration = .seconds(600)

    /// A renewal succeeded.
    mutating func renewed(at now: Instant) {
        defer { self.last = now }
        guard let last else { return }
        // Hasty ones come in bursts, too, as the limit lets them: only a longer rest makes up for one.
        switch now - last {
        case ..<max(Self.least, self.pause * 2): self.hasty += 1
        case ..<(RequestLimit.window * 2): break
        case ..<(Self.most * 2): self.hasty = max(0, self.hasty - 1)
        default: self.hasty = 0
        }
    }

    /// Whether the next one may be made.
    func allows(at now: Instant) -> Bool {
        self.last.map { now - $0 >= self.pause } ?? true
    }

    private var pause: Duration {
        guard self.hasty >= Self.free else { return .zero }
        return min(Self.least * (1 << min(self.hasty - Self.free, 8)), Self.most)
    }
}
