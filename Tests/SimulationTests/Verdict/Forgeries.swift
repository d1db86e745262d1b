import EventStore
import Protocol

@testable import writer

/// What a forged frame can do at most.
extension ProtocolSimulation {
    /// Where an offset was forged, and the producer was started again before anybody could see that it has never been
    /// there: that is taken for a journal that was set back, said so, and is on record. What was accepted in between stays unknown.
    func maskedParts(in state: SimulatedDatabase.State) -> Set<PartitionKey> {
        var parts = Set(
            state.gaps.filter { isForged($0.producer, $0.after) && $0.through > $0.after }
                .map { PartitionKey(producer: $0.producer, partition: $0.partition) }
        )
        for (key, offset) in state.offsets where isForged(key.producer, offset) { parts.insert(key) }
        return parts
    }

    func isForged(_ producer: String, _ offset: Offset) -> Bool {
        forged.contains(.init(producer: producer, offset: offset))
    }

    /// A gap up to the start of a run that never was.
    func isForged(_ gap: Gap) -> Bool {
        gap.through.sequence == 0
            && forged.contains { $0.producer == gap.producer && $0.offset.epoch == gap.through.epoch }
            && !accepted.keys.contains { $0.producer == gap.producer && $0.offset.epoch == gap.through.epoch }
    }
}
