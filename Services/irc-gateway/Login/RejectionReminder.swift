import Protocol

/// Says again that a token was refused, for as long as it is still the one that is offered. No I/O.
///
/// A token service that had not found us yet, or was away, has not heard the first time; one that has takes the token back
/// or renews it within a moment.
struct RejectionReminder: Sendable {
    typealias Instant = ContinuousClock.Instant

    private static let pauses: [Duration] = [.seconds(3), .seconds(10), .seconds(60), .seconds(300)]

    private var rejection: TokenRejected?
    private var nextAt: Instant?
    private var told = 0

    /// The token was refused, and that has been told.
    mutating func refused(_ rejection: TokenRejected, at now: Instant) {
        self.rejection = rejection
        told = 0
        nextAt = now + Self.pauses[0]
    }

    /// What is to be told again; nil when nothing is due. `offered` is the fingerprint of the token that is offered now, nil
    /// when there is none.
    mutating func due(offered: String?, at now: Instant) -> TokenRejected? {
        guard let rejection, let nextAt else { return nil }
        guard rejection.fingerprint == offered else {
            self.rejection = nil
            self.nextAt = nil
            return nil
        }
        guard now >= nextAt else { return nil }
        told += 1
        self.nextAt = now + Self.pauses[min(told, Self.pauses.count - 1)]
        return rejection
    }
}
