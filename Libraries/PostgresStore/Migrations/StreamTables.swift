/// What following streams needs: history, names, and what is still to be put right.
enum StreamTables {
    static let sql = """
        CREATE TABLE stream_samples (
            stream_id text NOT NULL,
            observed_at timestamptz NOT NULL,
            viewer_count integer NOT NULL,
            PRIMARY KEY (stream_id, observed_at)
        );

        CREATE TABLE stream_changes (
            stream_id text NOT NULL,
            -- when it was first seen so: the change itself was after the sample before
            changed_at timestamptz NOT NULL,
            title text,
            game_id text,
            game_name text,
            language text,
            is_mature boolean,
            tags text,
            PRIMARY KEY (stream_id, changed_at)
        );

        CREATE TABLE channel_names (
            user_id text NOT NULL,
            -- when this login was first seen for the id; it is in force until the next row's
            seen_from timestamptz NOT NULL,
            user_login text NOT NULL,
            user_name text,
            previous_user_login text,
            created_at timestamptz NOT NULL,
            PRIMARY KEY (user_id, seen_from)
        );
        CREATE INDEX idx_channel_names_user_login ON channel_names (user_login);

        -- Rows of a channel in a stretch of time that may belong to another stream than they say; empty most of the time.
        CREATE TABLE attribution_pending (
            table_name text NOT NULL,
            broadcaster_user_id text NOT NULL,
            from_at timestamptz NOT NULL,
            through_at timestamptz NOT NULL,
            PRIMARY KEY (table_name, broadcaster_user_id, from_at)
        );

        CREATE INDEX idx_clears_broadcaster_user_id ON chat_clears (broadcaster_user_id, cleared_at);
        CREATE INDEX idx_clears_stream_id ON chat_clears (stream_id);
        CREATE INDEX idx_sessions_broadcaster_user_id ON collection_sessions (broadcaster_user_id, started_at);
        """
}
