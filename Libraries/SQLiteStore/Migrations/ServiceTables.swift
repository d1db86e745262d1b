/// The tables that the predecessor did not have.
enum ServiceTables {
    static let sql = """
        CREATE TABLE database_identity (id VARCHAR(40) NOT NULL PRIMARY KEY, created_at DATETIME NOT NULL);
        INSERT INTO database_identity VALUES (lower(hex(randomblob(16))), strftime('%Y-%m-%d %H:%M:%f000', 'now'));

        CREATE TABLE bus_offsets (
            producer VARCHAR(50) NOT NULL,
            partition INTEGER NOT NULL,
            -- epoch * 4294967296 + sequence of the last event that is stored
            "offset" BIGINT NOT NULL,
            updated_at DATETIME NOT NULL,
            PRIMARY KEY (producer, partition)
        ) WITHOUT ROWID;

        CREATE TABLE dead_letters (
            producer VARCHAR(50) NOT NULL,
            partition INTEGER NOT NULL,
            "offset" BIGINT NOT NULL,
            reason TEXT NOT NULL,
            frame BLOB NOT NULL,
            created_at DATETIME NOT NULL,
            PRIMARY KEY (producer, partition, "offset")
        );

        CREATE TABLE collection_gaps (
            producer VARCHAR(50) NOT NULL,
            partition INTEGER NOT NULL,
            after_offset BIGINT NOT NULL,
            through_offset BIGINT NOT NULL,
            detected_at DATETIME NOT NULL,
            created_at DATETIME NOT NULL,
            PRIMARY KEY (producer, partition, after_offset, through_offset)
        );

        CREATE TABLE collection_sessions (
            session_id VARCHAR(100) NOT NULL PRIMARY KEY,
            broadcaster_user_id VARCHAR(50) NOT NULL,
            broadcaster_user_login VARCHAR(100) NOT NULL,
            gateway VARCHAR(50) NOT NULL,
            connection INTEGER NOT NULL,
            started_at DATETIME,
            stopped_at DATETIME,
            stop_reason VARCHAR(50),
            created_at DATETIME NOT NULL,
            updated_at DATETIME NOT NULL
        );
        CREATE INDEX idx_sessions_broadcaster ON collection_sessions (broadcaster_user_login, started_at);

        CREATE TABLE chat_notifications (
            id VARCHAR(100) NOT NULL,
            stream_id VARCHAR(50),
            broadcaster_user_id VARCHAR(50) NOT NULL,
            broadcaster_user_login VARCHAR(100),
            chatter_user_id VARCHAR(50) NOT NULL,
            chatter_user_login VARCHAR(100),
            chatter_user_name VARCHAR(200),
            notice_type VARCHAR(50),
            system_message TEXT,
            message_text TEXT,
            is_action BOOLEAN,
            color VARCHAR(20),
            badges TEXT,
            badge_info TEXT,
            emotes TEXT,
            parameters TEXT,
            source_broadcaster_user_id VARCHAR(50),
            source_message_id VARCHAR(100),
            source_badges TEXT,
            source_is_only BOOLEAN,
            source_notice_type VARCHAR(50),
            is_subscriber BOOLEAN,
            is_moderator BOOLEAN,
            is_vip BOOLEAN,
            sent_at DATETIME,
            received_at DATETIME,
            created_at DATETIME,
            raw TEXT,
            raw_base64 TEXT,
            PRIMARY KEY (id, broadcaster_user_id)
        );
        CREATE INDEX idx_notifications_broadcaster ON chat_notifications (broadcaster_user_id, sent_at);
        CREATE INDEX idx_notifications_stream_id ON chat_notifications (stream_id) WHERE stream_id IS NOT NULL;

        CREATE TABLE chat_clears (
            id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            stream_id VARCHAR(50),
            broadcaster_user_id VARCHAR(50) NOT NULL,
            broadcaster_user_login VARCHAR(100) NOT NULL,
            cleared_at DATETIME NOT NULL,
            received_at DATETIME,
            created_at DATETIME,
            raw TEXT,
            raw_base64 TEXT,
            UNIQUE (broadcaster_user_id, broadcaster_user_login, cleared_at)
        );

        CREATE TABLE chat_notices (
            event_id VARCHAR(100) NOT NULL PRIMARY KEY,
            broadcaster_user_id VARCHAR(50) NOT NULL,
            broadcaster_user_login VARCHAR(100),
            notice_id VARCHAR(100),
            message_text TEXT,
            received_at DATETIME,
            created_at DATETIME,
            raw TEXT,
            raw_base64 TEXT
        );
        CREATE INDEX idx_notices_broadcaster ON chat_notices (broadcaster_user_login, received_at);

        CREATE TABLE chat_settings (
            event_id VARCHAR(100) NOT NULL PRIMARY KEY,
            broadcaster_user_id VARCHAR(50) NOT NULL,
            broadcaster_user_login VARCHAR(100),
            emote_mode BOOLEAN,
            follower_mode_minutes INTEGER,
            unique_chat_mode BOOLEAN,
            slow_mode_seconds INTEGER,
            subscriber_mode BOOLEAN,
            received_at DATETIME,
            created_at DATETIME,
            raw TEXT,
            raw_base64 TEXT
        );
        CREATE INDEX idx_settings_broadcaster ON chat_settings (broadcaster_user_login, received_at);
        """
}
