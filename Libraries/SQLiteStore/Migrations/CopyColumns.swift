/// What recognising two readers' copies needs: who told a row first, and which events were copies of it.
enum CopyColumns {
    static let sql = """
        ALTER TABLE user_banned_events ADD COLUMN event_id VARCHAR(100);
        ALTER TABLE user_banned_events ADD COLUMN copies TEXT;
        CREATE UNIQUE INDEX key_banned_event_id ON user_banned_events (event_id) WHERE event_id IS NOT NULL;

        ALTER TABLE chat_clears ADD COLUMN event_id VARCHAR(100);
        ALTER TABLE chat_clears ADD COLUMN copies TEXT;
        CREATE UNIQUE INDEX key_clears_event_id ON chat_clears (event_id) WHERE event_id IS NOT NULL;

        ALTER TABLE chat_notices ADD COLUMN copies TEXT;
        ALTER TABLE chat_settings ADD COLUMN copies TEXT;
        """
}
