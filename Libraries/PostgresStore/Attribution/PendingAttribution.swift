import EventStore
import Protocol

/// Rows of `attribution_pending`, and the work that they stand for.
enum PendingAttribution {
    /// Records that a channel's rows in these stretches must be looked at again.
    static func calls(for ranges: [ClosedRange<Timestamp>], of channel: String) -> [RowCall] {
        ranges.flatMap { range in
            AttributedTable.allCases.map { table in
                RowCall(pending: table.rawValue, channel, from: range.lowerBound, through: range.upperBound)
            }
        }
    }

    /// Looks again at about `rows` rows, in one transaction; more where many have the same time, because a step ends
    /// between two times. What another writer is busy with is left to it.
    static func settle(rows: Int, _ connection: borrowing Connection) throws(PostgresError) -> AttributionProgress {
        var progress = AttributionProgress(examined: 0, changed: 0, isUnfinished: false)
        // Most of the time there is nothing.
        guard try connection.run("SELECT EXISTS (SELECT FROM attribution_pending)").value == "t" else {
            return progress
        }
        try connection.run("BEGIN")
        while let pending = try take(connection) {
            let room = rows - progress.examined
            guard room > 0 else {
                progress.isUnfinished = true
                break
            }
            try settle(pending, room: room, into: &progress, connection)
        }
        try connection.run("COMMIT")
        return progress
    }

    private struct Pending {
        var table: String
        var channel: String
        var from: Timestamp
        var through: Timestamp
    }

    private static func take(_ connection: borrowing Connection) throws(PostgresError) -> Pending? {
        let answer = try connection.run(
            """
            SELECT table_name, broadcaster_user_id, \(Answer.milliseconds("from_at")),
                \(Answer.milliseconds("through_at"))
            FROM attribution_pending ORDER BY table_name, broadcaster_user_id, from_at LIMIT 1 FOR UPDATE SKIP LOCKED
            """
        )
        guard let row = answer.rows.first, let table = row[0], let channel = row[1], let from = Answer.time(row[2]),
            let through = Answer.time(row[3])
        else { return nil }
        return Pending(table: table, channel: channel, from: from, through: through)
    }

    private static func settle(
        _ pending: Pending,
        room: Int,
        into progress: inout AttributionProgress,
        _ connection: borrowing Connection
    ) throws(PostgresError) {
        var key = BinaryFields.parameters
        key.text(pending.table)
        key.text(pending.channel)
        key.time(pending.from)
        _ = try connection.query(
            """
            DELETE FROM attribution_pending
            WHERE table_name = $1 AND broadcaster_user_id = $2 AND from_at = $3::timestamptz
            """,
            key
        )
        guard let table = AttributedTable(rawValue: pending.table) else { return }
        let through = try boundary(of: pending, in: table, after: room, connection) ?? pending.through
        progress.examined += try count(of: pending, in: table, through: through, connection)
        let timeline = try ChannelTimelines(whole: pending.channel, connection).timeline(of: pending.channel)
        for segment in timeline.segments(from: pending.from, through: through) {
            progress.changed += try update(table, pending.channel, segment, connection)
        }
        if through < pending.through {
            let rest = RowCall(
                pending: pending.table,
                pending.channel,
                from: through.following,
                through: pending.through
            )
            _ = try connection.execute(rest.statement.rawValue, rest.parameters)
        }
    }

    /// The time of the row with which the room is full; nil when all rows fit.
    private static func boundary(
        of pending: Pending,
        in table: AttributedTable,
        after room: Int,
        _ connection: borrowing Connection
    ) throws(PostgresError) -> Timestamp? {
        let time = table.timeColumn
        var parameters = BinaryFields.parameters
        parameters.text(pending.channel)
        parameters.time(pending.from)
        parameters.endOfMillisecond(pending.through)
        parameters.bigInteger(Int64(room - 1))
        let answer = try connection.query(
            """
            SELECT \(Answer.milliseconds(time)) FROM \(table.rawValue)
            WHERE broadcaster_user_id = $1 AND \(time) BETWEEN $2::timestamptz AND $3::timestamptz
            ORDER BY \(time) LIMIT 1 OFFSET $4::int8
            """,
            parameters
        )
        return Answer.time(answer.value)
    }

    private static func count(
        of pending: Pending,
        in table: AttributedTable,
        through: Timestamp,
        _ connection: borrowing Connection
    ) throws(PostgresError) -> Int {
        var parameters = BinaryFields.parameters
        parameters.text(pending.channel)
        parameters.time(pending.from)
        parameters.endOfMillisecond(through)
        let answer = try connection.query(
            """
            SELECT count(*) FROM \(table.rawValue)
            WHERE broadcaster_user_id = $1 AND \(table.timeColumn) BETWEEN $2::timestamptz AND $3::timestamptz
            """,
            parameters
        )
        return answer.value.flatMap { Int($0) } ?? 0
    }

    /// Rows that the predecessor wrote have no `received_at`; they stay as it left them.
    private static func update(
        _ table: AttributedTable,
        _ channel: String,
        _ segment: StreamTimeline.Segment,
        _ connection: borrowing Connection
    ) throws(PostgresError) -> Int {
        var parameters = BinaryFields.parameters
        parameters.text(segment.streamID)
        parameters.text(channel)
        parameters.time(segment.from)
        parameters.endOfMillisecond(segment.through)
        return try connection.query(
            """
            UPDATE \(table.rawValue) SET stream_id = $1::text
            WHERE broadcaster_user_id = $2 AND \(table.timeColumn) BETWEEN $3::timestamptz AND $4::timestamptz
                AND stream_id IS DISTINCT FROM $1::text AND received_at IS NOT NULL
            """,
            parameters
        ).changes
    }
}

extension BinaryFields {
    /// The last microsecond of a moment: what was stored more exactly belongs to it too.
    fileprivate mutating func endOfMillisecond(_ time: Timestamp) {
        bigInteger(time.postgresMicroseconds + 999)
    }
}
