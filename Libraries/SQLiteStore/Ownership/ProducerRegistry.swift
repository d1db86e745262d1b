import EventStore
import GRDB
import Protocol

/// `bus_producers` as one look shows it.
struct ProducerRegistry {
    let database: Database
    let now: Timestamp

    init(_ database: Database, now: Timestamp) {
        self.database = database
        self.now = now
    }

    /// Tells what the one writer is to write, and notes whom it hears where that is due, which needs a transaction that writes.
    func ownership(hearing heard: [HeardProducer], isDue: Bool) throws -> Ownership {
        var ownership = Ownership(partitions: Set(0..<Partition.count))
        var known = try records()
        for one in heard {
            if let refusal = known.removeValue(forKey: one.producer)?.refusal(of: one) {
                ownership.refused[one.producer] = refusal
            } else {
                ownership.producers[one.producer] = ownership.partitions
                if isDue { try note(one) }
            }
        }
        let lost = known.values.sorted { $0.heardAt > $1.heardAt }.prefix(UnheardProducer.limit)
        ownership.unheard = try lost.sorted { $0.producer < $1.producer }.map {
            UnheardProducer($0, stored: try offsets(of: $0.producer))
        }.filter { $0.isDue(at: now) }
        return ownership
    }

    private func records() throws -> [String: ProducerRecord] {
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT producer, service, identity, heard_at, heads FROM bus_producers"
        )
        let records = rows.compactMap { row -> ProducerRecord? in
            guard let heardAt = Timestamp(dateTimeText: row[3]) else { return nil }
            return ProducerRecord(
                producer: row[0],
                service: row[1],
                identity: ProducerIdentity(row[2] as String) ?? .plain,
                heardAt: heardAt,
                heads: ProducerRecord.heads(in: row[4])
            )
        }
        return Dictionary(records.map { ($0.producer, $0) }) { $1 }
    }

    private func offsets(of producer: String) throws -> [Int: Offset] {
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT partition, \"offset\" FROM bus_offsets WHERE producer = ?",
            arguments: [producer]
        )
        return Dictionary(
            rows.map { row in
                let offset: Int64 = row[1]
                return (row[0], Offset(rawValue: UInt64(bitPattern: offset)))
            }
        ) { $1 }
    }

    private func note(_ heard: HeardProducer) throws {
        try database.execute(
            sql: """
                INSERT INTO bus_producers (producer, service, identity, first_heard_at, heard_at, heads)
                SELECT ?1, ?2, ?3, ?4, ?4, ?5
                WHERE (SELECT count(*) FROM bus_producers) < ?6 OR EXISTS (SELECT 1 FROM bus_producers WHERE producer = ?1)
                ON CONFLICT (producer) DO UPDATE SET
                    service = excluded.service, identity = excluded.identity, heard_at = excluded.heard_at,
                    heads = excluded.heads
                """,
            arguments: [
                heard.producer, heard.service, heard.identity.description, now.dateTimeText,
                ProducerRecord.text(of: heard.heads), ProducerRecord.limit,
            ]
        )
    }
}
