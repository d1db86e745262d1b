import EventStore
import ServiceRuntime

/// What to do about a failed call of the database: a decision without I/O.
struct CommitRetry: Sendable {
    enum Action: Hashable, Sendable {
        /// Try the same again. `isNews`: a person should hear of it.
        case retry(after: Duration, isNews: Bool)
        /// Read the offsets: they tell whether it is in the database.
        case verify(after: Duration, isNews: Bool)
        /// A row was refused: find out whether the row or the tables are at fault.
        case examine
        /// The process is stopping: the journal keeps the batch.
        case abandon
    }

    /// How often a stopping process still tries.
    static let attemptsWhileStopping = 4
    /// How long another cause than the last one is not told: two that alternate must not fill the log.
    static let newsPause: Duration = .seconds(10)

    private var backoff = Backoff(base: .milliseconds(20), cap: .seconds(1))
    /// Each attempt is a line in the log of a server that does not let us in.
    private var slowBackoff = Backoff(base: .seconds(1), cap: .seconds(5))
    private var attemptsWhileStopping = 0
    private var told: (error: EventStoreError, at: ContinuousClock.Instant)?

    mutating func failed(_ error: EventStoreError, stopping: Bool, at now: ContinuousClock.Instant) -> Action {
        if error.code == .closed { return .abandon }
        if stopping {
            attemptsWhileStopping += 1
            if attemptsWhileStopping > Self.attemptsWhileStopping { return .abandon }
        }
        if error.code == .refused { return .examine }
        let wait = stopping ? .milliseconds(250) : wait(for: error.code)
        let isNews = isNews(error, at: now)
        return error.code == .commitOutcomeUnknown
            ? .verify(after: wait, isNews: isNews) : .retry(after: wait, isNews: isNews)
    }

    /// True when it failed before: a person should hear that it is over.
    mutating func succeeded() -> Bool {
        defer { self = CommitRetry() }
        return told != nil
    }

    private mutating func wait(for code: EventStoreError.Code) -> Duration {
        code == .accessDenied ? slowBackoff.next() : backoff.next()
    }

    private mutating func isNews(_ error: EventStoreError, at now: ContinuousClock.Instant) -> Bool {
        if let told, told.error == error || now - told.at < Self.newsPause { return false }
        told = (error, now)
        return true
    }
}
