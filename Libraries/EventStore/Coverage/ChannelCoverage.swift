package import Protocol

/// What an archive heard of one channel in a stretch of time.
package struct ChannelCoverage: Hashable, Sendable {
    package var login: String
    /// See ``ArchivedChannel/isKnown``.
    package var isKnown: Bool
    package var from: Timestamp
    package var through: Timestamp
    package var coverage: Coverage
    /// What was heard and lost all the same, in the channel's partition; by time.
    package var losses: [JournalLoss]

    /// - Parameters:
    ///   - channel: Whose coverage it is.
    ///   - recorded: See ``Coverage``.
    ///   - backfills: See ``Coverage``.
    ///   - losses: Those of all channels.
    ///   - start: The beginning of the stretch.
    ///   - end: Its end.
    package init(
        _ channel: ArchivedChannel,
        recorded: [RecordedSession],
        backfills: [RecordedBackfill],
        losses: [JournalLoss],
        from start: Timestamp,
        through end: Timestamp
    ) {
        let partitions = channel.partitions
        login = channel.login
        isKnown = channel.isKnown
        from = start
        through = end
        coverage = Coverage(recorded: recorded, backfills: backfills, from: start, through: end)
        self.losses = losses.filter { partitions.contains($0.partition) && $0.overlaps(from: start, through: end) }
            .sorted { ($0.latest, $0.producer) < ($1.latest, $1.producer) }
    }

    package var milliseconds: Int64 { through.rawValue - from.rawValue }
    /// How much of it nobody listened, in milliseconds.
    package var missed: Int64 { coverage.holes.reduce(0) { $0 + $1.milliseconds } }
    /// How much of that a history service told all of, in milliseconds.
    package var backfilled: Int64 {
        coverage.holes.reduce(0) { $0 + ($1.backfill == .complete ? $1.milliseconds : 0) }
    }
}
