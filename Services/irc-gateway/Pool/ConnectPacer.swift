/// Spaces the connections of a whole process, so that a Twitch-wide drop does not become a burst of logins.
///
/// One a second stays below the 20 logins in 10 s that an account may make.
struct ConnectPacer: Sendable {
    typealias Instant = ContinuousClock.Instant

    private let spacing: Duration
    private var next: Instant?

    init(spacing: Duration = .seconds(1)) {
        self.spacing = spacing
    }

    /// Reserves the next free moment.
    mutating func reserve(at now: Instant) -> Instant {
        let moment = max(now, next ?? now)
        next = moment + spacing
        return moment
    }
}
