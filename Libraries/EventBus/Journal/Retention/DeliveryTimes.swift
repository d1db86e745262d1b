/// Since when each segment of a journal is delivered, as far as this process has seen.
///
/// It counts from the commit, not from the segment's age: a database that comes back after hours, and then loses its last
/// commits to a failover, finds everything still there. It counts in time that nobody can set, so a clock that jumps
/// forward removes nothing early; after a restart it counts anew, which only keeps more.
struct DeliveryTimes: Hashable, Sendable {
    private var since: [Int: ContinuousClock.Instant] = [:]
    private var heard: [String: ContinuousClock.Instant] = [:]

    /// A group has told what its database holds now.
    mutating func heard(from group: String, at now: ContinuousClock.Instant) { heard[group] = now }

    /// Whether all of these have told it within `limit`. A database that has failed over to an older state and is away since
    /// would not take back what it said before.
    func areFresh(_ groups: [String], within limit: Duration, at now: ContinuousClock.Instant) -> Bool {
        groups.allSatisfy { group in heard[group].map { now - $0 <= limit } ?? false }
    }

    /// Notes that a segment is delivered, and tells for how long it has been.
    mutating func note(_ segment: Int, at now: ContinuousClock.Instant) -> Duration {
        guard let first = since[segment] else {
            since[segment] = now
            return .zero
        }
        return now - first
    }

    /// The database holds less than it did: what is delivered again is delivered from then on.
    mutating func beginAnew() { since = [:] }

    mutating func forget(_ segments: [Int]) {
        for segment in segments { since[segment] = nil }
    }
}
