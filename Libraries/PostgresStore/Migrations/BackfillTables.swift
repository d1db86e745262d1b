/// What a history service told later, and how complete that was.
enum BackfillTables {
    static let sql = """
        -- true for what Twitch did not tell us; NULL otherwise
        ALTER TABLE chat_messages ADD COLUMN backfilled boolean;
        ALTER TABLE chat_notifications ADD COLUMN backfilled boolean;
        ALTER TABLE message_deleted_events ADD COLUMN backfilled boolean;
        ALTER TABLE user_banned_events ADD COLUMN backfilled boolean;
        ALTER TABLE chat_clears ADD COLUMN backfilled boolean;

        CREATE TABLE collection_backfills (
            event_id text NOT NULL PRIMARY KEY,
            broadcaster_user_id text NOT NULL,
            broadcaster_user_login text NOT NULL,
            gateway text NOT NULL,
            source text NOT NULL,
            hole_started_at timestamptz NOT NULL,
            hole_ended_at timestamptz NOT NULL,
            is_complete boolean NOT NULL,
            message_before text,
            message_after text,
            lines_offered integer NOT NULL,
            lines_published integer NOT NULL,
            failure text,
            finished_at timestamptz NOT NULL,
            created_at timestamptz NOT NULL
        );
        CREATE INDEX idx_backfills_broadcaster ON collection_backfills (broadcaster_user_login, hole_started_at);
        """
}
