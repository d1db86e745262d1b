/// Whether somebody acknowledges with another database than the one that a journal is kept for: a decision without I/O.
///
/// Such a writer asks again every few seconds, so that silence means that it is gone or was put right.
struct ForeignArchive: Sendable {
    /// How long a refusal counts.
    static let memory: Duration = .seconds(30)

    /// What a person reads. The databases' ids are in the log alone.
    static let reason =
        "a writer with another database than the one that this journal is kept for acknowledges; "
        + "look for it and at its DATABASE_URL, the log names both databases"

    private var refusedAt: ContinuousClock.Instant?

    /// A required group's acknowledgement was refused. True when it is news.
    mutating func refused(at now: ContinuousClock.Instant) -> Bool {
        defer { refusedAt = now }
        return refusedAt == nil
    }

    /// True once, when the last refusal is long enough ago.
    mutating func hasEnded(at now: ContinuousClock.Instant) -> Bool {
        guard let refusedAt, now - refusedAt >= Self.memory else { return false }
        self.refusedAt = nil
        return true
    }
}
