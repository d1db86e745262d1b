import EventStore
import Protocol

/// Finds when a channel was listened to.
enum CoverageFigures {
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
        return Coverage(
            recorded: rows.compactMap { row in
                guard let from = Answer.time(row[0]) else { return nil }
                return RecordedSession(
                    startedAt: from,
                    stoppedAt: Answer.time(row[1]),
                    lastHeardAt: Answer.time(row[2])
                )
            },
            from: start,
            through: end
        )
    }
}
