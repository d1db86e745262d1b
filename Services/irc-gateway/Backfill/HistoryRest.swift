import ServiceRuntime

/// How long a service that does not answer is left alone. No I/O.
struct HistoryRest: Sendable {
    typealias Instant = ContinuousClock.Instant

    private var backoff: Backoff
    private let least: Duration
    private let longest: Duration
    private var until: Instant?
    private var isFailing = false

    init(_ timing: BackfillTiming) {
        backoff = Backoff(base: timing.firstRest, cap: timing.longestRest)
        least = timing.spacing
        longest = timing.longestRest
    }

    func isOver(at now: Instant) -> Bool { until.map { $0 <= now } ?? true }

    /// - Returns: Whether this is news.
    mutating func failed(at now: Instant, retryAfter: Duration?) -> Bool {
        let pause = max(least, backoff.next())
        until = now + max(pause, min(retryAfter ?? .zero, longest))
        defer { isFailing = true }
        return !isFailing
    }

    /// - Returns: Whether this is news.
    mutating func succeeded() -> Bool {
        backoff.reset()
        until = nil
        defer { isFailing = false }
        return isFailing
    }
}
