package import Protocol

/// What a history service told of a hole, as `collection_backfills` has it.
package struct RecordedBackfill: Hashable, Sendable {
    package var from: Timestamp
    package var through: Timestamp
    package var isComplete: Bool

    package init(from: Timestamp, through: Timestamp, isComplete: Bool) {
        self.from = from
        self.through = through
        self.isComplete = isComplete
    }

    /// What all of them together tell of a hole, whose borders may be others when several gateways listen.
    static func told(of hole: Coverage.Hole, by backfills: [RecordedBackfill]) -> Coverage.Backfill? {
        let touching = backfills.filter { $0.from < hole.through && $0.through > hole.from }
        guard !touching.isEmpty else { return nil }
        let complete = touching.filter(\.isComplete).map {
            Coverage.Span(from: $0.from, through: $0.through, end: .unknown)
        }
        let rest = Coverage(spans: complete, from: hole.from, through: hole.through)
        return rest.holes.isEmpty ? .complete : .partial
    }
}
