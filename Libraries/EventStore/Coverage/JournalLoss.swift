package import Protocol

/// Events of one partition that were accepted, and that no journal had any more when they were asked for.
///
/// A row of `collection_gaps` knows places in a journal. When they were said follows from what its producer accepted
/// before and behind them, in whatever partition: its places grow with time.
package struct JournalLoss: Hashable, Sendable {
    /// How far the clocks of two machines may be apart without being wrong, in milliseconds.
    private static let tolerance: Int64 = 600_000

    package var producer: String
    package var partition: Int
    /// No earlier than this; nil when nothing tells.
    package var earliest: Timestamp?
    package var latest: Timestamp
    /// No more events than this; nil when nothing tells, because the producer was started again in between.
    package var atMost: Int?

    /// - Parameters:
    ///   - gap: The row.
    ///   - before: When its producer's last known event before the lost ones was received.
    ///   - behind: The same of the first one behind them.
    package init(_ gap: Gap, before: Timestamp?, behind: Timestamp?) {
        producer = gap.producer
        partition = gap.partition
        // Places of other partitions lie between: it may be fewer.
        atMost = gap.after.epoch == gap.through.epoch ? Int(gap.through.sequence) - Int(gap.after.sequence) : nil
        var latest = min(gap.detectedAt, behind ?? gap.detectedAt)
        if gap.through.sequence == 0, let start = gap.through.epochStart { latest = min(latest, start) }
        // An epoch that began long after its own events were missed comes from a clock that was wrong.
        let epochStart = gap.after.epochStart.flatMap {
            $0.rawValue - gap.detectedAt.rawValue < Self.tolerance ? $0 : nil
        }
        let earliest = [epochStart, before].compactMap(\.self).max()
        // The clock may have been set back between two starts.
        self.earliest = earliest.map { min($0, latest) }
        self.latest = latest
    }

    package func overlaps(from start: Timestamp, through end: Timestamp) -> Bool {
        latest >= start && earliest.map { $0 <= end } ?? true
    }
}
