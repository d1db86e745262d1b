import EventStore
import Protocol

/// Finds what journals lost, and about when.
enum LossFigures {
    static func losses(_ connection: borrowing Connection) throws(PostgresError) -> [JournalLoss] {
        let rows = try connection.query(
            """
            SELECT producer, partition, after_offset, through_offset, \(Answer.milliseconds("detected_at"))
            FROM collection_gaps
            WHERE through_offset > after_offset
            """,
            .parameters
        ).rows
        var losses: [JournalLoss] = []
        for row in rows {
            guard let producer = row[0], let partition = row[1].flatMap({ Int($0) }),
                let after = row[2].flatMap({ Int64($0) }),
                let through = row[3].flatMap({ Int64($0) }), let detectedAt = Answer.time(row[4])
            else { continue }
            let gap = Gap(
                producer: producer,
                partition: partition,
                after: Offset(rawValue: UInt64(bitPattern: after)),
                through: Offset(rawValue: UInt64(bitPattern: through)),
                detectedAt: detectedAt
            )
            losses.append(try loss(gap, connection))
        }
        return losses
    }

    /// The rows that keep their event's id tell when its producer was where.
    private static func loss(_ gap: Gap, _ connection: borrowing Connection) throws(PostgresError) -> JournalLoss {
        var parameters = BinaryFields.parameters
        parameters.text(gap.producer)
        parameters.offset(gap.after)
        parameters.offset(gap.through)
        let row = try connection.query(
            """
            WITH texts AS (
                SELECT received_at, substr(event_id, length($1) + 2) AS place FROM (
                    SELECT event_id, received_at FROM chat_settings UNION ALL
                    SELECT event_id, received_at FROM chat_notices
                ) kept WHERE starts_with(event_id, $1 || '/')
            ), places AS (
                SELECT received_at, (split_part(place, '-', 1)::int8 << 32) + split_part(place, '-', 2)::int8 AS "offset"
                FROM texts WHERE place ~ '^[0-9]{1,10}-[0-9]{1,10}$'
            )
            SELECT (SELECT \(Answer.milliseconds("max(received_at)")) FROM places WHERE "offset" <= $2::int8),
                (SELECT \(Answer.milliseconds("min(received_at)")) FROM places WHERE "offset" > $3::int8)
            """,
            parameters,
            within: PostgresArchiveReader.patience
        ).rows.first
        return JournalLoss(gap, before: Answer.time(row?[0] ?? nil), behind: Answer.time(row?[1] ?? nil))
    }
}
