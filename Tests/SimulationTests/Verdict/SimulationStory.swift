import EventStore
import Protocol

@testable import EventBus
@testable import writer

/// How a simulation ended, for whoever looks into a broken seed (`DETAILS=1`).
extension ProtocolSimulation {
    var story: [String] {
        var lines = [
            "\(forges ? "forged \(forged.map { "\($0.producer) \($0.offset)" }.sorted())" : "nothing forged"), "
                + "\(movesClocks ? "clocks moved" : "directories put back")"
        ]
        lines += ["after \(clock.elapsed) with \(writers.count) writers, sessions \(database.openSessions)"]
        for producer in producers {
            lines.append("\(producer.name): \(producer.mode), epoch \(producer.epoch), sync \(producer.settings.sync)")
            for (partition, head) in producer.partitions.sorted(by: { $0.key < $1.key }) {
                let stored = database.state.offsets[PartitionKey(producer: producer.name, partition: partition)]
                lines.append("  partition \(partition): head \(head), stored \(stored ?? .zero)")
            }
        }
        for (index, writer) in writers.enumerated() {
            lines.append(
                "writer \(index): session \(writer.store.session ?? 0), \(writer.store.calls.count) calls, "
                    + "\(writer.follower.queue.count) queued\(writer.source.hasEnded ? ", ended" : "")"
            )
            lines += writer.follower.story.map { "  \($0)" }
        }
        for (row, event) in accepted.sorted(by: { $0.key.offset < $1.key.offset })
        where database.state.rows[row] == nil && event.fortune == .kept {
            lines.append("not stored: \(row.producer) \(row.offset) of partition \(event.partition)")
        }
        for gap in database.state.gaps {
            lines.append("gap: \(gap.producer) partition \(gap.partition) \(gap.after) to \(gap.through)")
        }
        return lines
    }
}
