import EventStore
import GRDB

/// Counts one stream's deletions, bans and clears.
struct ModerationFigures {
    private let database: Database
    private let stream: String

    init(_ database: Database, stream: String) {
        self.database = database
        self.stream = stream
    }

    func deletions() throws -> StreamStatistics.Deletions {
        let row = try row(
            """
            SELECT count(*), count(DISTINCT coalesce(target_user_login, target_user_id))
            FROM message_deleted_events WHERE stream_id = ?
            """
        )
        return StreamStatistics.Deletions(messages: row?[0] ?? 0, users: row?[1] ?? 0)
    }

    func bans() throws -> StreamStatistics.Bans {
        let row = try row(
            """
            SELECT count(*), count(DISTINCT user_id), coalesce(sum(is_permanent), 0)
            FROM user_banned_events WHERE stream_id = ?
            """
        )
        let events: Int = row?[0] ?? 0
        let permanent: Int = row?[2] ?? 0
        return StreamStatistics.Bans(
            events: events,
            users: row?[1] ?? 0,
            permanent: permanent,
            timeouts: events - permanent
        )
    }

    func clears() throws -> Int {
        try row("SELECT count(*) FROM chat_clears WHERE stream_id = ?")?[0] ?? 0
    }

    private func row(_ sql: String) throws -> Row? {
        try Row.fetchOne(database, sql: sql, arguments: [stream])
    }
}
