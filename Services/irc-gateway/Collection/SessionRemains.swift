import Protocol

/// What a process left behind that ended without a word. Its times and those that it is asked with have a text, and are no
/// further from each other than ten thousand years.
struct SessionRemains: Sendable {
    var sessions: [CollectionSession]
    /// The last sign of life; nil when there is none.
    var lastAlive: Timestamp?
    /// When that was by the machine's own time; nil where it was not told.
    var lastAliveBoot: BootTime?

    /// How far the journal may be ahead of the sign of life, which is given each second, in milliseconds.
    private static let journalLead: Int64 = 60_000
    /// Less is how exactly the two times are read, in milliseconds.
    private static let tolerance: Int64 = 1000

    /// When the sessions ended, and by how much the clock that told their times was wrong.
    struct Ending: Hashable, Sendable {
        var sessions: [CollectionSession]
        var at: Timestamp
        /// In milliseconds; 0 where nothing speaks against it.
        var correction: Int64

        /// The ends, and the starts again where they were told by a wrong clock.
        func drafts(by gateway: String, because reason: StopReason = .crashed) -> [EventDraft] {
            sessions.flatMap { session in
                // A session may be younger than the last sign of life; it cannot have ended before it began.
                let stopped = session.stopped(by: gateway, because: reason, at: max(at, session.startedAt))
                return (correction == 0 ? [] : [session.started(by: gateway)]) + [stopped]
            }
        }
    }

    /// When the sessions ended.
    /// - Parameters:
    ///   - lastAccepted: When the journal accepted the last event, by the same clock.
    ///   - now: The time of day, which is taken for right.
    ///   - boot: The machine's own time now.
    /// - Returns: Their end, and their starts as they were by the clock of now.
    func ending(lastAccepted: Timestamp?, now: Timestamp, boot: BootTime?) -> Ending {
        // The sign of life is up to a second old; the journal may know of a later one.
        var end = lastAlive ?? lastAccepted ?? now
        if let lastAlive, let lastAccepted, lastAccepted > lastAlive,
            lastAccepted.rawValue - lastAlive.rawValue <= Self.journalLead
        {
            end = lastAccepted
        }
        let correction = correction(of: end, now: now, boot: boot)
        return Ending(
            sessions: correction == 0
                ? sessions
                : sessions.map { session in
                    var session = session
                    session.startedAt = session.startedAt.moved(by: correction)
                    return session
                },
            at: end.moved(by: correction),
            correction: correction
        )
    }

    private func correction(of end: Timestamp, now: Timestamp, boot: BootTime?) -> Int64 {
        var correction: Int64 = 0
        if let lastAlive, let then = lastAliveBoot, let boot, then.id == boot.id, boot.milliseconds >= then.milliseconds
        {
            let expected = now.moved(by: then.milliseconds - boot.milliseconds)
            let difference = expected.rawValue - lastAlive.rawValue
            if abs(difference) > Self.tolerance { correction = difference }
        }
        // Whatever the clock of then said, it did not end later than now.
        let excess = end.moved(by: correction).rawValue - now.rawValue
        return excess > 0 ? correction - excess : correction
    }
}

extension Timestamp {
    /// Bounded by what has a text, so that no difference of two such times overflows.
    fileprivate func moved(by milliseconds: Int64) -> Timestamp {
        Timestamp(rawValue: min(max(rawValue + milliseconds, -62_167_219_200_000), 253_402_300_799_999))
    }
}
