/// What a history service told later, and how complete that was.
enum BackfillTables {
    static let sql = """
        -- true for what Twitch did not tell us; NULL otherwise
        ALTER TABLE chat_messages ADD COLUMN backfilled BOOLEAN;
        ALTER TABLE chat_notifications ADD COLUMN backfilled BOOLEAN;
        ALTER TABLE message_deleted_events ADD COLUMN backfilled BOOLEAN;
        ALTER TABLE user_banned_events ADD COLUMN backfilled BOOLEAN;
        ALTER TABLE chat_clears ADD COLUMN backfilled BOOLEAN;

        CREATE TABLE collection_backfills (
            event_id VARCHAR(100) NOT NULL PRIMARY KEY,
            broadcaster_user_id VARCHAR(50) NOT NULL,
            broadcaster_user_login VARCHAR(100) NOT NULL,
            gateway VARCHAR(50) NOT NULL,
            source VARCHAR(200) NOT NULL,
            hole_started_at DATETIME NOT NULL,
            hole_ended_at DATETIME NOT NULL,
            is_complete BOOLEAN NOT NULL,
            message_before VARCHAR(100),
            message_after VARCHAR(100),
            lines_offered INTEGER NOT NULL,
            lines_published INTEGER NOT NULL,
            failure TEXT,
            finished_at DATETIME NOT NULL,
            created_at DATETIME NOT NULL
        );
        CREATE INDEX idx_backfills_broadcaster ON collection_backfills (broadcaster_user_login, hole_started_at);
        """
}
