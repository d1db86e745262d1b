import EventStore
import Protocol

/// Steps in the order in which they came: what one transaction writes.
struct PendingBatch: Sendable {
    var items: [BatchItem] = []

    var isEmpty: Bool { items.isEmpty }

    var producers: Set<String> { Set(items.map(\.key.producer)) }

    /// Whether a stream may be known better after it.
    var reportsStreams: Bool {
        items.contains { item in
            if case .event(let envelope) = item.content { envelope.event.reportsStream } else { false }
        }
    }

    /// Each partition's move over the whole batch.
    var advances: [StoreBatch.Advance] {
        var places: [PartitionKey: Int] = [:]
        var advances: [StoreBatch.Advance] = []
        for item in items {
            if let place = places[item.key] {
                advances[place].next = item.next
            } else {
                places[item.key] = advances.count
                advances.append(
                    StoreBatch.Advance(
                        producer: item.key.producer,
                        partition: item.key.partition,
                        base: item.base,
                        next: item.next
                    )
                )
            }
        }
        return advances
    }

    /// What the store is given.
    var storeBatch: StoreBatch {
        var batch = StoreBatch(advances: advances)
        batch.events.reserveCapacity(items.count)
        for item in items {
            switch item.content {
            case .event(let envelope):
                batch.events.append(envelope)
            case .deadLetter(let reason):
                batch.deadLetters.append(
                    DeadLetter(
                        producer: item.key.producer,
                        partition: item.key.partition,
                        offset: item.next,
                        reason: reason,
                        frame: item.frame
                    )
                )
            case .gap(let after, let detectedAt):
                batch.gaps.append(
                    Gap(
                        producer: item.key.producer,
                        partition: item.key.partition,
                        after: after,
                        through: item.next,
                        detectedAt: detectedAt
                    )
                )
            case .rewind(let head, let detectedAt):
                // It names no event, because it ends before it begins. The database's numbers are signed.
                let after = min(item.base, Offset(rawValue: UInt64(Int64.max)))
                batch.gaps.append(
                    Gap(
                        producer: item.key.producer,
                        partition: item.key.partition,
                        after: after,
                        through: head,
                        detectedAt: detectedAt
                    )
                )
            case .nothing:
                break
            }
        }
        return batch
    }

    /// Two batches that do the same one after the other; nil when there is only one item.
    var halves: (PendingBatch, PendingBatch)? {
        guard items.count > 1 else { return nil }
        let middle = items.count / 2
        return (PendingBatch(items: Array(items[..<middle])), PendingBatch(items: Array(items[middle...])))
    }

    /// Whether the offsets read from the database show the batch as stored.
    func state(in offsets: [PartitionKey: Offset]) -> StoredState {
        let advances = advances
        let found = advances.map {
            offsets[PartitionKey(producer: $0.producer, partition: $0.partition)] ?? .zero
        }
        if zip(advances, found).allSatisfy({ $0.next == $1 }) { return .stored }
        if zip(advances, found).allSatisfy({ $0.base == $1 }) { return .notStored }
        return .overtaken
    }

    /// What became of a batch whose commit nobody answered.
    enum StoredState: Hashable, Sendable {
        case stored
        case notStored
        /// Another writer was here.
        case overtaken
    }
}
