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

    /// How long a gateway may have nothing to tell and still count as listening.
    private static let patience: Int64 = 120_000

    /// A session without a stop counts until its gateway was last heard of: it may be running, and it may have died with
    /// its machine.
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
        var isAtLeast = false
        let sessions = rows.compactMap { row -> (from: Timestamp, through: Timestamp)? in
            guard let from = Timestamp(dateTimeText: row[0]) else { return nil }
            if let stopped = (row[1] as String?).flatMap({ Timestamp(dateTimeText: $0) }) { return (from, stopped) }
            let heard = (row[2] as String?).flatMap { Timestamp(dateTimeText: $0) } ?? from
            let through = Timestamp(rawValue: heard.rawValue + Self.patience)
            if through < end { isAtLeast = true }
            return (from, through >= end ? end : max(from, heard))
        }
        let coverage = Coverage(sessions: sessions, from: start, through: end)
        return Coverage(
            sessions: sessions,
            from: start,
            through: end,
            isAtLeast: isAtLeast && !coverage.holes.isEmpty
        )
    }
}
