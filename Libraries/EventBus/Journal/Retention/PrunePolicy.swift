import Protocol

/// Decides which segments may go. No I/O.
struct PrunePolicy: Hashable, Sendable {
    var requiredGroups: [String]
    var capBytes: Int
    var minimumAge: Duration

    init(_ configuration: JournalConfiguration) {
        requiredGroups = configuration.requiredGroups
        capBytes = configuration.capBytes
        minimumAge = configuration.minimumAge
    }

    struct Candidate: Hashable, Sendable {
        var extent: SegmentCatalog.Extent
        var bytes: Int
    }

    struct Removal: Hashable, Sendable {
        var number: Int
        /// What a required group had not committed: empty unless the cap forced the segment out.
        var lost: [JournalTruncation]
    }

    /// Which segments to remove, oldest first. Only the oldest may go, so that what remains has no holes, and never the
    /// newest, whose header carries the heads over a restart.
    ///
    /// `segments` are all of them, oldest first; `delivered` remembers from call to call.
    func removals(
        _ segments: [Candidate],
        acknowledged: Acknowledgements,
        delivered: inout DeliveryTimes,
        now: ContinuousClock.Instant
    ) -> [Removal] {
        var total = segments.reduce(0) { $0 + $1.bytes }
        var removals: [Removal] = []
        var isWaiting = false
        for segment in segments.dropLast() {
            let lost = undelivered(segment.extent, acknowledged)
            // Each is noted, also behind one that has to wait.
            let isDone = lost.isEmpty && delivered.note(segment.extent.number, at: now) >= minimumAge
            isWaiting = isWaiting || !(total > capBytes || isDone)
            guard !isWaiting else { continue }
            total -= segment.bytes
            removals.append(Removal(number: segment.extent.number, lost: lost))
        }
        delivered.forget(removals.map(\.number))
        return removals
    }

    /// What of a segment a required group has not committed.
    func undelivered(_ extent: SegmentCatalog.Extent, _ acknowledged: Acknowledgements) -> [JournalTruncation] {
        extent.end.indices.compactMap { partition in
            let begin = extent.begin[partition]
            let end = extent.end[partition]
            guard end > begin, let committed = acknowledged.committed(by: requiredGroups, partition: partition),
                committed < end
            else { return nil }
            return JournalTruncation(partition: partition, after: max(begin, committed), through: end)
        }
    }
}
