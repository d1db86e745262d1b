/// When the writer looks for rows whose stream became known after them: a decision without I/O.
///
/// What there is to do stands in the database, where a crash leaves it and other writers put it; this only tells when
/// looking is worth it.
struct AttributionSchedule: Hashable, Sendable {
    /// Whether a step may find something. True at the start: another process may have left work.
    private(set) var isDue = true
    private var isUnfinished = true

    /// A batch is in the database.
    mutating func committed(reportsStreams: Bool) {
        isDue = isDue || reportsStreams || isUnfinished
    }

    /// A step was made.
    mutating func settled(isUnfinished: Bool) {
        self.isUnfinished = isUnfinished
        isDue = isUnfinished
    }

    /// A step failed: it is tried again after the next batch that succeeds, or at the next check.
    mutating func failed() {
        isUnfinished = true
        isDue = false
    }

    /// Time has passed: another writer may have left work.
    mutating func check() {
        isDue = true
    }
}
