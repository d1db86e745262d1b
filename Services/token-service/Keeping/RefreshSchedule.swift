/// When a token is renewed: after 75 % of its life, 10 minutes before its end at the latest.
enum RefreshSchedule {
    /// Before the end, so that a socket that has to log in again finds a token that lives.
    static let margin: Duration = .seconds(600)
    /// Of a shorter life the margin would be most of it: only the 75 % count.
    static let shortLife: Duration = margin * 2

    /// When to renew.
    /// - Parameters:
    ///   - remaining: How long the token still lives.
    ///   - lifetime: How long it lives altogether; nil when somebody else obtained it.
    /// - Returns: How long from now, zero when it is time.
    static func due(remaining: Duration, lifetime: Duration?) -> Duration {
        guard let lifetime else {
            return max(.zero, min(remaining * 3 / 4, remaining - self.margin))
        }
        let byLife = remaining - lifetime / 4
        return max(.zero, lifetime < self.shortLife ? byLife : min(byLife, remaining - self.margin))
    }
}
