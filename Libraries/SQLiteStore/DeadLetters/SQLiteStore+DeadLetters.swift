package import EventStore
import FoundationEssentials
import GRDB
package import Protocol

extension SQLiteStore: DeadLetterArchive {
    package func deadLetters(
        after key: DeadLetter.Key?,
        limit: Int
    ) async throws(EventStoreError) -> [StoredDeadLetter] {
        let letters = try transaction("dead letters") { database, _ in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT producer, partition, "offset", reason, frame,
                        CAST(round((julianday(created_at) - 2440587.5) * 86400000) AS INTEGER)
                    FROM dead_letters WHERE (producer, partition, "offset") > (?, ?, ?)
                    ORDER BY producer, partition, "offset" LIMIT ?
                    """,
                arguments: [
                    key?.producer ?? "", key?.partition ?? -1, Int64(bitPattern: key?.offset.rawValue ?? 0), limit,
                ]
            ).map { row in
                let offset: Int64 = row[2]
                return StoredDeadLetter(
                    letter: DeadLetter(
                        producer: row[0],
                        partition: row[1],
                        offset: Offset(rawValue: UInt64(bitPattern: offset)),
                        reason: row[3],
                        frame: [UInt8](row[4] as Data)
                    ),
                    createdAt: Timestamp(rawValue: row[5] ?? 0)
                )
            }
        }
        return letters ?? []
    }

    package func redeem(_ key: DeadLetter.Key, as event: Envelope?) async throws(EventStoreError) -> Bool {
        try transaction("redeem") { database, now -> Bool? in
            var transaction = try BatchTransaction(database, now: now)
            _ = try transaction.write(StoreBatch(events: event.map { [$0] } ?? []))
            try database.execute(
                sql: "DELETE FROM dead_letters WHERE producer = ? AND partition = ? AND \"offset\" = ?",
                arguments: [key.producer, key.partition, Int64(bitPattern: key.offset.rawValue)]
            )
            return database.changesCount == 1 ? true : nil
        } ?? false
    }
}
