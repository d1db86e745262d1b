import EventStore
import GRDB
import Protocol

/// Rows of `channel_names`: under which login a channel's id was known, and from when on.
struct ChannelNameRows {
    private let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// Returns 0 when it is there already. Of two claims about one moment every writer keeps the same.
    func insert(_ event: UserUpdate, now: Timestamp) throws -> Int {
        try database.cachedStatement(
            sql: """
                INSERT INTO channel_names (user_id, seen_from, user_login, user_name, previous_user_login, created_at)
                VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (user_id, seen_from) DO UPDATE SET
                    user_login = excluded.user_login, user_name = excluded.user_name,
                    previous_user_login = excluded.previous_user_login
                WHERE (excluded.user_login, excluded.user_name, coalesce(excluded.previous_user_login, ''))
                    > (user_login, user_name, coalesce(previous_user_login, ''))
                """
        ).execute(
            arguments: [
                event.userID, event.observedAt.dateTimeText, event.userLogin.storable, event.userName.storable,
                event.previousUserLogin?.storable, now.dateTimeText,
            ]
        )
        return database.changesCount
    }
}
