import EventStore

/// Counts one stream's deletions, bans and clears.
enum ModerationFigures {
    static func deletions(
        _ place: StreamPlace,
        _ connection: borrowing Connection
    ) throws(PostgresError) -> StreamStatistics.Deletions {
        let answer = try connection.query(
            """
            SELECT count(*), count(DISTINCT coalesce(target_user_login, target_user_id))
            FROM message_deleted_events WHERE stream_id = $1
            """,
            StreamFacts.parameters(place.stream)
        )
        return StreamStatistics.Deletions(messages: answer.number(0), users: answer.number(1))
    }

    static func bans(
        _ place: StreamPlace,
        _ connection: borrowing Connection
    ) throws(PostgresError) -> StreamStatistics.Bans {
        let answer = try connection.query(
            """
            SELECT count(*), count(DISTINCT user_id), count(*) FILTER (WHERE is_permanent)
            FROM user_banned_events WHERE stream_id = $1
            """,
            StreamFacts.parameters(place.stream)
        )
        return StreamStatistics.Bans(
            events: answer.number(0),
            users: answer.number(1),
            permanent: answer.number(2),
            timeouts: answer.number(0) - answer.number(2)
        )
    }

    static func clears(_ place: StreamPlace, _ connection: borrowing Connection) throws(PostgresError) -> Int {
        try connection.query(
            "SELECT count(*) FROM chat_clears WHERE stream_id = $1",
            StreamFacts.parameters(place.stream)
        ).number(0)
    }
}
