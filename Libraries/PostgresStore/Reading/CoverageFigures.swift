import EventStore
import Protocol

/// Finds when a channel was listened to.
enum CoverageFigures {
    /// How long a gateway may have nothing to tell and still count as listening, in milliseconds.
    private static let patience: Int64 = 120_000

    /// A session without a stop counts until its gateway was last heard of: it may be running, and it may have died with
    /// its machine.
    static func coverage(
        of channel: String,
        from start: Timestamp,
        through end: Timestamp,
        _ connection: borrowing Connection
    ) throws(PostgresError) -> Coverage {
        var parameters = StreamFacts.parameters(channel)
        parameters.time(start)
        parameters.time(end)
        let rows = try connection.query(
            """
            SELECT \(Answer.milliseconds("s.started_at")), \(Answer.milliseconds("s.stopped_at")),
                (SELECT \(Answer.milliseconds("max(o.updated_at)")) FROM bus_offsets o
                    WHERE s.stopped_at IS NULL AND o.producer = s.gateway)
            FROM collection_sessions s
            WHERE (s.broadcaster_user_id = $1 OR (s.broadcaster_user_id = '' AND s.broadcaster_user_login IN (
                    SELECT user_login FROM streams WHERE user_id = $1 UNION
                    SELECT user_login FROM channel_names WHERE user_id = $1)))
                AND s.started_at <= $3::timestamptz AND coalesce(s.stopped_at, 'infinity') >= $2::timestamptz
            """,
            parameters
        ).rows
        var isAtLeast = false
        let sessions = rows.compactMap { row -> (from: Timestamp, through: Timestamp)? in
            guard let from = Answer.time(row[0]) else { return nil }
            if let stopped = Answer.time(row[1]) { return (from, stopped) }
            let heard = Answer.time(row[2]) ?? from
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
