import EventStore
import GRDB
import Protocol

/// Finds what journals lost, and about when.
struct LossFigures {
    private let database: Database

    init(_ database: Database) {
        self.database = database
    }

    func losses() throws -> [JournalLoss] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT producer, partition, after_offset, through_offset, detected_at FROM collection_gaps
                WHERE through_offset > after_offset
                """
        ).compactMap { row in
            guard let detectedAt = Timestamp(dateTimeText: row[4]) else { return nil }
            let gap = Gap(
                producer: row[0],
                partition: row[1],
                after: Offset(rawValue: UInt64(bitPattern: row[2])),
                through: Offset(rawValue: UInt64(bitPattern: row[3])),
                detectedAt: detectedAt
            )
            return try loss(gap)
        }
    }

    /// The rows that keep their event's id tell when its producer was where.
    private func loss(_ gap: Gap) throws -> JournalLoss {
        let row = try Row.fetchOne(
            database,
            sql: """
                WITH texts AS (
                    SELECT received_at, substr(event_id, length(?1) + 2) AS place FROM (
                        SELECT event_id, received_at FROM chat_settings UNION ALL
                        SELECT event_id, received_at FROM chat_notices
                    ) WHERE event_id >= ?1 || '/' AND event_id < ?1 || '0'
                ), places AS (
                    SELECT received_at, (CAST(place AS INTEGER) << 32)
                        + CAST(substr(place, instr(place, '-') + 1) AS INTEGER) AS "offset" FROM texts
                )
                SELECT (SELECT max(received_at) FROM places WHERE "offset" <= ?2),
                    (SELECT min(received_at) FROM places WHERE "offset" > ?3)
                """,
            arguments: [
                gap.producer, Int64(bitPattern: gap.after.rawValue), Int64(bitPattern: gap.through.rawValue),
            ]
        )
        return JournalLoss(
            gap,
            before: (row?[0] as String?).flatMap { Timestamp(dateTimeText: $0) },
            behind: (row?[1] as String?).flatMap { Timestamp(dateTimeText: $0) }
        )
    }
}
