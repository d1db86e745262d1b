import GRDB

/// The tables whose names and columns the predecessor fixed, with what we add behind its columns.
///
/// Differences that its users' queries do not see: `stream_id` may be NULL, because chat while a channel is offline is
/// kept, and natural keys are unique. Rows that it wrote have no `received_at`; the keys leave them alone.
struct PredecessorTables {
    let name: String
    let columns: String
    let indexes: String

    static let all = [streams, messages, deletions, bans, unbans]

    /// Creates the tables. One that the predecessor has left is replaced by ours with all its rows.
    static func adopt(_ database: Database) throws {
        for table in all {
            let exists = try database.tableExists(table.name)
            let old = "predecessor_\(table.name)"
            if exists {
                try database.execute(sql: "ALTER TABLE \(table.name) RENAME TO \(old)")
            }
            try database.execute(sql: "CREATE TABLE \(table.name) (\(table.columns))")
            if exists {
                let ours = Set(try database.columns(in: table.name).map(\.name))
                let theirs = try database.columns(in: old).map(\.name)
                let kept = theirs.filter(ours.contains).map { "\"\($0)\"" }.joined(separator: ", ")
                try database.execute(
                    sql: """
                        INSERT INTO \(table.name) (\(kept)) SELECT \(kept) FROM \(old);
                        DROP TABLE \(old);
                        """
                )
            }
            try database.execute(sql: table.indexes)
        }
    }

    private static let streams = PredecessorTables(
        name: "streams",
        columns: """
            stream_id VARCHAR(50) NOT NULL PRIMARY KEY,
            user_id VARCHAR(50) NOT NULL,
            user_login VARCHAR(100) NOT NULL,
            user_name VARCHAR(200),
            game_id VARCHAR(50),
            game_name VARCHAR(200),
            title VARCHAR(500),
            viewer_count INTEGER,
            language VARCHAR(10),
            is_mature BOOLEAN,
            started_at DATETIME,
            ended_at DATETIME,
            created_at DATETIME,
            updated_at DATETIME,
            tags TEXT,
            ended_at_basis VARCHAR(20)
            """,
        indexes: """
            CREATE INDEX idx_streams_user_id ON streams (user_id);
            CREATE INDEX idx_streams_started_at ON streams (started_at);
            """
    )

    private static let messages = PredecessorTables(
        name: "chat_messages",
        columns: """
            id VARCHAR(100) NOT NULL,
            stream_id VARCHAR(50),
            broadcaster_user_id VARCHAR(50) NOT NULL,
            broadcaster_user_login VARCHAR(100),
            broadcaster_user_name VARCHAR(200),
            chatter_user_id VARCHAR(50) NOT NULL,
            chatter_user_login VARCHAR(100),
            chatter_user_name VARCHAR(200),
            message_text TEXT,
            color VARCHAR(20),
            badges TEXT,
            bits INTEGER,
            message_type VARCHAR(50),
            is_subscriber BOOLEAN,
            is_moderator BOOLEAN,
            is_vip BOOLEAN,
            is_first_message BOOLEAN,
            sent_at DATETIME,
            created_at DATETIME,
            received_at DATETIME,
            is_action BOOLEAN,
            is_returning_chatter BOOLEAN,
            badge_info TEXT,
            emotes TEXT,
            reply_parent_message_id VARCHAR(100),
            reply_parent_user_id VARCHAR(50),
            reply_parent_user_login VARCHAR(100),
            reply_parent_user_name VARCHAR(200),
            reply_parent_message_body TEXT,
            reply_thread_message_id VARCHAR(100),
            reply_thread_user_id VARCHAR(50),
            reply_thread_user_login VARCHAR(100),
            reply_thread_user_name VARCHAR(200),
            channel_points_custom_reward_id VARCHAR(100),
            channel_points_animation_id VARCHAR(100),
            source_broadcaster_user_id VARCHAR(50),
            source_message_id VARCHAR(100),
            source_badges TEXT,
            source_is_only BOOLEAN,
            raw TEXT,
            raw_base64 TEXT,
            PRIMARY KEY (id, broadcaster_user_id)
            """,
        // A stream's id is looked up only where there is one; the second column of the broadcaster's index finds the
        // messages since a stream's start.
        indexes: """
            CREATE INDEX idx_chat_stream_id ON chat_messages (stream_id) WHERE stream_id IS NOT NULL;
            CREATE INDEX idx_chat_chatter_user_id ON chat_messages (chatter_user_id);
            CREATE INDEX idx_chat_broadcaster_user_id ON chat_messages (broadcaster_user_id, sent_at);
            CREATE INDEX idx_chat_sent_at ON chat_messages (sent_at);
            """
    )

    private static let deletions = PredecessorTables(
        name: "message_deleted_events",
        columns: """
            id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            stream_id VARCHAR(50),
            broadcaster_user_id VARCHAR(50) NOT NULL,
            broadcaster_user_login VARCHAR(100),
            broadcaster_user_name VARCHAR(200),
            target_user_id VARCHAR(50),
            target_user_login VARCHAR(100),
            target_user_name VARCHAR(200),
            message_id VARCHAR(100) NOT NULL,
            message_text TEXT,
            deleted_at DATETIME,
            created_at DATETIME,
            is_action BOOLEAN,
            received_at DATETIME,
            raw TEXT,
            raw_base64 TEXT
            """,
        indexes: """
            CREATE INDEX idx_deleted_message_id ON message_deleted_events (message_id);
            CREATE INDEX idx_deleted_stream_id ON message_deleted_events (stream_id);
            CREATE INDEX idx_deleted_target_user_id ON message_deleted_events (target_user_id);
            CREATE INDEX idx_deleted_at ON message_deleted_events (deleted_at);
            CREATE UNIQUE INDEX key_message_deleted_events
                ON message_deleted_events (broadcaster_user_id, message_id) WHERE received_at IS NOT NULL;
            """
    )

    private static let bans = PredecessorTables(
        name: "user_banned_events",
        columns: """
            id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            stream_id VARCHAR(50),
            broadcaster_user_id VARCHAR(50) NOT NULL,
            broadcaster_user_login VARCHAR(100),
            broadcaster_user_name VARCHAR(200),
            user_id VARCHAR(50) NOT NULL,
            user_login VARCHAR(100),
            user_name VARCHAR(200),
            moderator_user_id VARCHAR(50),
            moderator_user_login VARCHAR(100),
            moderator_user_name VARCHAR(200),
            reason TEXT,
            is_permanent BOOLEAN,
            ends_at DATETIME,
            banned_at DATETIME,
            created_at DATETIME,
            duration_seconds INTEGER,
            received_at DATETIME,
            raw TEXT,
            raw_base64 TEXT
            """,
        indexes: """
            CREATE INDEX idx_banned_user_id ON user_banned_events (user_id);
            CREATE INDEX idx_banned_stream_id ON user_banned_events (stream_id);
            CREATE INDEX idx_banned_broadcaster_user_id ON user_banned_events (broadcaster_user_id);
            CREATE INDEX idx_banned_at ON user_banned_events (banned_at);
            CREATE UNIQUE INDEX key_user_banned_events ON user_banned_events (
                broadcaster_user_id, broadcaster_user_login, user_id, user_login, is_permanent,
                coalesce(duration_seconds, -1), banned_at
            ) WHERE received_at IS NOT NULL;
            """
    )

    private static let unbans = PredecessorTables(
        name: "user_unbanned_events",
        columns: """
            id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            stream_id VARCHAR(50),
            broadcaster_user_id VARCHAR(50) NOT NULL,
            broadcaster_user_login VARCHAR(100),
            broadcaster_user_name VARCHAR(200),
            user_id VARCHAR(50) NOT NULL,
            user_login VARCHAR(100),
            user_name VARCHAR(200),
            moderator_user_id VARCHAR(50),
            moderator_user_login VARCHAR(100),
            moderator_user_name VARCHAR(200),
            unbanned_at DATETIME,
            created_at DATETIME,
            received_at DATETIME,
            raw TEXT,
            raw_base64 TEXT
            """,
        indexes: """
            CREATE INDEX idx_unbanned_user_id ON user_unbanned_events (user_id);
            CREATE INDEX idx_unbanned_stream_id ON user_unbanned_events (stream_id);
            CREATE INDEX idx_unbanned_at ON user_unbanned_events (unbanned_at);
            CREATE UNIQUE INDEX key_user_unbanned_events ON user_unbanned_events (
                broadcaster_user_id, broadcaster_user_login, user_id, user_login, unbanned_at
            ) WHERE received_at IS NOT NULL;
            """
    )
}
