/// What following streams needs: history, figures, names, and indexes by channel and time.
enum StreamTables {
    static let sql = """
        ALTER TABLE streams ADD COLUMN observed_at DATETIME;
        ALTER TABLE streams ADD COLUMN end_known_at DATETIME;
        ALTER TABLE streams ADD COLUMN peak_viewer_count INTEGER;
        ALTER TABLE streams ADD COLUMN viewer_sample_count INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE streams ADD COLUMN viewer_count_sum INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE streams ADD COLUMN average_viewer_count REAL
            GENERATED ALWAYS AS (CAST(viewer_count_sum AS REAL) / viewer_sample_count) VIRTUAL;
        DROP INDEX idx_streams_user_id;
        CREATE INDEX idx_streams_user_id ON streams (user_id, started_at);
        CREATE INDEX idx_streams_user_login ON streams (user_login, started_at);

        CREATE TABLE stream_samples (
            stream_id VARCHAR(50) NOT NULL,
            observed_at DATETIME NOT NULL,
            viewer_count INTEGER NOT NULL,
            PRIMARY KEY (stream_id, observed_at)
        ) WITHOUT ROWID;

        CREATE TABLE stream_changes (
            stream_id VARCHAR(50) NOT NULL,
            -- when it was first seen so: the change itself was after the sample before
            changed_at DATETIME NOT NULL,
            title VARCHAR(500),
            game_id VARCHAR(50),
            game_name VARCHAR(200),
            language VARCHAR(10),
            is_mature BOOLEAN,
            tags TEXT,
            PRIMARY KEY (stream_id, changed_at)
        ) WITHOUT ROWID;

        CREATE TABLE channel_names (
            user_id VARCHAR(50) NOT NULL,
            -- when this login was first seen for the id; it is in force until the next row's
            seen_from DATETIME NOT NULL,
            user_login VARCHAR(100) NOT NULL,
            user_name VARCHAR(200),
            previous_user_login VARCHAR(100),
            created_at DATETIME NOT NULL,
            PRIMARY KEY (user_id, seen_from)
        ) WITHOUT ROWID;
        CREATE INDEX idx_channel_names_user_login ON channel_names (user_login);

        -- Rows of a channel in a stretch of time that may belong to another stream than they say; empty most of the time.
        CREATE TABLE attribution_pending (
            table_name VARCHAR(50) NOT NULL,
            broadcaster_user_id VARCHAR(50) NOT NULL,
            from_at DATETIME NOT NULL,
            through_at DATETIME NOT NULL,
            PRIMARY KEY (table_name, broadcaster_user_id, from_at)
        ) WITHOUT ROWID;

        -- A stream's messages in their order, with all that counting them needs.
        DROP INDEX idx_chat_stream_id;
        CREATE INDEX idx_chat_stream_id
            ON chat_messages (stream_id, sent_at, chatter_user_id, source_broadcaster_user_id)
            WHERE stream_id IS NOT NULL;
        CREATE INDEX idx_chat_bits ON chat_messages (stream_id) WHERE bits IS NOT NULL;

        CREATE INDEX idx_deleted_broadcaster_user_id ON message_deleted_events (broadcaster_user_id, deleted_at);
        DROP INDEX idx_banned_broadcaster_user_id;
        CREATE INDEX idx_banned_broadcaster_user_id ON user_banned_events (broadcaster_user_id, banned_at);
        CREATE INDEX idx_unbanned_broadcaster_user_id ON user_unbanned_events (broadcaster_user_id, unbanned_at);
        CREATE INDEX idx_clears_broadcaster_user_id ON chat_clears (broadcaster_user_id, cleared_at);
        CREATE INDEX idx_clears_stream_id ON chat_clears (stream_id);
        CREATE INDEX idx_sessions_broadcaster_user_id ON collection_sessions (broadcaster_user_id, started_at);
        """
}
