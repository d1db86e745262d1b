/// When the writer looks for rows whose stream became known after them: a decision without I/O.
///
/// What there is to do stands in the database, where a crash leaves it and other writers put it; this only tells when
/// looking is worth it.
struct AttributionSchedule: Hashable, Sendable {
    /// How long a step that failed is not tried again.
    static let pause: Duration = .seconds(1)
    /// How often a person hears of steps that go on failing.
    static let newsPause: Duration = .seconds(60)

    /// Whether a step may find something. True at the start: another process may have left work.
    private var mayFind = true
    private var notBefore: ContinuousClock.Instant?
    private var toldAt: ContinuousClock.Instant?

    func isDue(at now: ContinuousClock.Instant) -> Bool {
        mayFind && notBefore.map { $0 <= now } ?? true
    }

    /// A batch that tells of streams is in the database, or time has passed and another writer may have left work.
    mutating func check() {
        mayFind = true
    }

    /// A step was made.
    mutating func settled(isUnfinished: Bool) {
        mayFind = isUnfinished
        notBefore = nil
    }

    /// A step failed for a reason that does not pass by itself. True when a person should hear of it.
    mutating func failedForGood(at now: ContinuousClock.Instant) -> Bool {
        failed(at: now)
        if let toldAt, now - toldAt < Self.newsPause { return false }
        toldAt = now
        return true
    }

    /// A step failed.
    mutating func failed(at now: ContinuousClock.Instant) {
        notBefore = now + Self.pause
    }
}
