import EventStore
import GRDB
import Protocol

/// Finds when a channel was listened to.
struct CoverageFigures {
    private let database: Database
    private let channel: String

    init(_ database: Database, channel: String) {
        self.database = database
        self.channel = channel
    }

    func coverage(from start: Timestamp, through end: Timestamp) throws -> Coverage {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT s.started_at, s.stopped_at,
                    (SELECT max(o.updated_at) FROM bus_offsets o WHERE s.stopped_at IS NULL AND o.producer = s.gateway)
                FROM collection_sessions s
                WHERE (s.broadcaster_user_id = ?1 OR (s.broadcaster_user_id = '' AND s.broadcaster_user_login IN (
                        SELECT user_login FROM streams WHERE user_id = ?1 UNION
                        SELECT user_login FROM channel_names WHERE user_id = ?1)))
                    AND s.started_at <= ?3 AND coalesce(s.stopped_at, '9999') >= ?2
                """,
            arguments: [channel, start.dateTimeText, end.dateTimeText]
        )
        return Coverage(
            recorded: rows.compactMap { row in
                guard let from = Timestamp(dateTimeText: row[0]) else { return nil }
                return RecordedSession(
                    startedAt: from,
                    stoppedAt: (row[1] as String?).flatMap { Timestamp(dateTimeText: $0) },
                    lastHeardAt: (row[2] as String?).flatMap { Timestamp(dateTimeText: $0) }
                )
            },
            from: start,
            through: end
        )
    }
}
