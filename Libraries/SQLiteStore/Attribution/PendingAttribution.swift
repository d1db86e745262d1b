import EventStore
import GRDB
import Protocol

/// Rows of `attribution_pending`, and the work that they stand for.
struct PendingAttribution {
    private let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// Records that a channel's rows in these stretches must be looked at again.
    func add(_ ranges: [ClosedRange<Timestamp>], of channel: String) throws {
        for range in ranges {
            for table in AttributedTable.allCases {
                try add(table.rawValue, channel, from: range.lowerBound, through: range.upperBound)
            }
        }
    }

    /// Looks again at about `rows` rows; more where many have the same time, because a step ends between two times.
    func settle(rows: Int) throws -> AttributionProgress {
        var progress = AttributionProgress(examined: 0, changed: 0, isUnfinished: false)
        while let pending = try first() {
            let room = rows - progress.examined
            guard room > 0 else {
                progress.isUnfinished = true
                break
            }
            try settle(pending, room: room, into: &progress)
        }
        return progress
    }

    private func settle(_ pending: Pending, room: Int, into progress: inout AttributionProgress) throws {
        try database.execute(
            literal: """
                DELETE FROM attribution_pending WHERE table_name = \(pending.table)
                    AND broadcaster_user_id = \(pending.channel) AND from_at = \(pending.from.dateTimeText)
                """
        )
        guard let table = AttributedTable(rawValue: pending.table) else { return }
        let through = try boundary(of: pending, in: table, after: room) ?? pending.through
        progress.examined += try count(of: pending, in: table, through: through)
        let timeline = try ChannelTimelines(database).whole(pending.channel)
        for segment in timeline.segments(from: pending.from, through: through) {
            progress.changed += try update(table, pending.channel, segment)
        }
        if through < pending.through {
            try add(pending.table, pending.channel, from: through.following, through: pending.through)
        }
    }

    /// The time of the row with which the room is full; nil when all rows fit.
    private func boundary(of pending: Pending, in table: AttributedTable, after room: Int) throws -> Timestamp? {
        let time = table.timeColumn
        let statement = try database.cachedStatement(
            sql: """
                SELECT \(time) FROM \(table.rawValue) WHERE broadcaster_user_id = ? AND \(time) BETWEEN ? AND ?
                ORDER BY \(time) LIMIT 1 OFFSET ?
                """
        )
        return try String.fetchOne(
            statement,
            arguments: [pending.channel, pending.from.dateTimeText, pending.through.dateTimeText, room - 1]
        ).flatMap(Timestamp.init(dateTimeText:))
    }

    private func count(of pending: Pending, in table: AttributedTable, through: Timestamp) throws -> Int {
        let statement = try database.cachedStatement(
            sql: """
                SELECT count(*) FROM \(table.rawValue)
                WHERE broadcaster_user_id = ? AND \(table.timeColumn) BETWEEN ? AND ?
                """
        )
        return try Int.fetchOne(
            statement,
            arguments: [pending.channel, pending.from.dateTimeText, through.dateTimeText]
        ) ?? 0
    }

    /// Rows that the predecessor wrote have no `received_at`; they stay as it left them.
    private func update(
        _ table: AttributedTable,
        _ channel: String,
        _ segment: StreamTimeline.Segment
    ) throws -> Int {
        let statement = try database.cachedStatement(
            sql: """
                UPDATE \(table.rawValue) SET stream_id = ?1
                WHERE broadcaster_user_id = ?2 AND \(table.timeColumn) BETWEEN ?3 AND ?4
                    AND stream_id IS NOT ?1 AND received_at IS NOT NULL
                """
        )
        try statement.execute(
            arguments: [segment.streamID, channel, segment.from.dateTimeText, segment.through.dateTimeText]
        )
        return database.changesCount
    }

    private struct Pending {
        var table: String
        var channel: String
        var from: Timestamp
        var through: Timestamp
    }

    private func first() throws -> Pending? {
        let row = try Row.fetchOne(
            database,
            sql: "SELECT table_name, broadcaster_user_id, from_at, through_at FROM attribution_pending LIMIT 1"
        )
        guard let row else { return nil }
        guard let from = Timestamp(dateTimeText: row[2]), let through = Timestamp(dateTimeText: row[3]) else {
            throw EventStoreError(.corrupt, operation: "attribute", message: "attribution_pending holds no times")
        }
        return Pending(table: row[0], channel: row[1], from: from, through: through)
    }

    private func add(_ table: String, _ channel: String, from: Timestamp, through: Timestamp) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO attribution_pending (table_name, broadcaster_user_id, from_at, through_at)
                VALUES (?, ?, ?, ?) ON CONFLICT (table_name, broadcaster_user_id, from_at)
                DO UPDATE SET through_at = max(through_at, excluded.through_at)
                """
        )
        try statement.execute(arguments: [table, channel, from.dateTimeText, through.dateTimeText])
    }
}
