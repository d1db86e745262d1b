import EventStore
import ServiceRuntime

/// What to do about a failed commit: a decision without I/O.
struct CommitRetry: Sendable {
    enum Action: Hashable, Sendable {
        /// Try the same again. `isFirst`: a person should hear of it.
        case retry(after: Duration, isFirst: Bool)
        /// Read the offsets: they tell whether it is in the database.
        case verify(after: Duration, isFirst: Bool)
        /// One event in it is refused: find it.
        case bisect
        /// The database cannot be used: nothing that this process does will help.
        case fail
        /// The process is stopping: the journal keeps the batch.
        case abandon
    }

    /// How often a stopping process still tries.
    static let attemptsWhileStopping = 4

    private var backoff = Backoff(base: .milliseconds(20), cap: .seconds(1))
    private var attemptsWhileStopping = 0
    private(set) var isFailing = false

    mutating func failed(_ error: EventStoreError, stopping: Bool) -> Action {
        guard error.isRetriable else {
            return error.code == .refused ? .bisect : .fail
        }
        if stopping {
            attemptsWhileStopping += 1
            if attemptsWhileStopping > Self.attemptsWhileStopping { return .abandon }
        }
        defer { isFailing = true }
        let wait = stopping ? .milliseconds(250) : backoff.next()
        return error.code == .commitOutcomeUnknown
            ? .verify(after: wait, isFirst: !isFailing) : .retry(after: wait, isFirst: !isFailing)
    }

    /// True when it failed before: a person should hear that it is over.
    mutating func succeeded() -> Bool {
        defer { self = CommitRetry() }
        return isFailing
    }
}
