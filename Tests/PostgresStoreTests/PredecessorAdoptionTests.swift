import EventStore
import PostgresStore
import Protocol
import TestSupport
import Testing

/// A database that the predecessor has written, with its own types and indexes.
@Suite struct PredecessorAdoptionTests {
    private static let predecessor = """
        CREATE TABLE streams (
            stream_id varchar(50) PRIMARY KEY, user_id varchar(50) NOT NULL, user_login varchar(100) NOT NULL,
            user_name varchar(200), game_id varchar(50), game_name varchar(200), title varchar(500),
            viewer_count integer, language varchar(10), is_mature boolean, started_at timestamp, ended_at timestamp,
            created_at timestamp, updated_at timestamp);
        CREATE INDEX idx_streams_user_id ON streams (user_id);
        CREATE INDEX idx_streams_started_at ON streams (started_at);
        CREATE TABLE chat_messages (
            id varchar(100) PRIMARY KEY, stream_id varchar(50) NOT NULL, broadcaster_user_id varchar(50) NOT NULL,
            broadcaster_user_login varchar(100), broadcaster_user_name varchar(200),
            chatter_user_id varchar(50) NOT NULL, chatter_user_login varchar(100), chatter_user_name varchar(200),
            message_text text, color varchar(20), badges text, bits integer, message_type varchar(50),
            is_subscriber boolean, is_moderator boolean, is_vip boolean, is_first_message boolean, sent_at timestamp,
            created_at timestamp);
        CREATE INDEX idx_chat_stream_id ON chat_messages (stream_id);
        CREATE INDEX idx_chat_chatter_user_id ON chat_messages (chatter_user_id);
        CREATE INDEX idx_chat_broadcaster_user_id ON chat_messages (broadcaster_user_id);
        CREATE INDEX idx_chat_sent_at ON chat_messages (sent_at);
        CREATE INDEX my_own_index ON chat_messages (message_type);
        CREATE TABLE message_deleted_events (
            id serial PRIMARY KEY, stream_id varchar(50), broadcaster_user_id varchar(50) NOT NULL,
            broadcaster_user_login varchar(100), broadcaster_user_name varchar(200), target_user_id varchar(50),
            target_user_login varchar(100), target_user_name varchar(200), message_id varchar(100) NOT NULL,
            message_text text, deleted_at timestamp, created_at timestamp);
        CREATE INDEX idx_deleted_message_id ON message_deleted_events (message_id);
        CREATE TABLE user_banned_events (
            id serial PRIMARY KEY, stream_id varchar(50), broadcaster_user_id varchar(50) NOT NULL,
            broadcaster_user_login varchar(100), broadcaster_user_name varchar(200), user_id varchar(50) NOT NULL,
            user_login varchar(100), user_name varchar(200), moderator_user_id varchar(50),
            moderator_user_login varchar(100), moderator_user_name varchar(200), reason text, is_permanent boolean,
            ends_at timestamp, banned_at timestamp, created_at timestamp);
        CREATE INDEX idx_banned_user_id ON user_banned_events (user_id);
        CREATE TABLE user_unbanned_events (
            id serial PRIMARY KEY, stream_id varchar(50), broadcaster_user_id varchar(50) NOT NULL,
            broadcaster_user_login varchar(100), broadcaster_user_name varchar(200), user_id varchar(50) NOT NULL,
            user_login varchar(100), user_name varchar(200), moderator_user_id varchar(50),
            moderator_user_login varchar(100), moderator_user_name varchar(200), unbanned_at timestamp,
            created_at timestamp);
        CREATE TABLE eventsub_sessions (session_id varchar(100) PRIMARY KEY, user_id varchar(50));
        INSERT INTO streams (stream_id, user_id, user_login, title, started_at)
            VALUES ('s1', '100', 'quietharbor', 'Title', '2025-01-01 10:00:00');
        INSERT INTO chat_messages (id, stream_id, broadcaster_user_id, chatter_user_id, message_text, badges, sent_at)
            SELECT 'm' || n, 's1', '100', '200', 'text ' || n, 'vip/1', timestamp '2025-01-01 10:00:00.123456'
                + n * interval '1 hour' FROM generate_series(1, 1000) n;
        INSERT INTO chat_messages (id, stream_id, broadcaster_user_id, chatter_user_id, created_at)
            VALUES ('no-time', 's1', '100', '200', '2025-01-02 03:04:05');
        INSERT INTO user_banned_events (broadcaster_user_id, user_id, banned_at) VALUES
            ('100', '200', '2025-01-01 10:00:00'), ('100', '200', '2025-01-01 10:00:00');
        INSERT INTO message_deleted_events (broadcaster_user_id, message_id) VALUES ('100', 'm1');
        """

    @Test func `a predecessor's database keeps its rows where they are and takes ours behind them`() async throws {
        try await withPostgresHarness { harness in
            // The times mean UTC, whatever the server's own zone is.
            _ = try await harness.rows("ALTER DATABASE \(harness.database) SET TimeZone = 'Asia/Tokyo'")
            _ = try await harness.rows(Self.predecessor)
            let store = try harness.makeStore()
            _ = try await store.open()
            let sql = """
                SELECT count(*), min(sent_at AT TIME ZONE 'UTC'), min(stream_id), min(badges) FROM chat_messages
                WHERE id <> 'no-time'
                """
            #expect(try await harness.rows(sql) == [["1000", "2025-01-01 11:00:00.123456", "s1", "vip/1"]])
            #expect(
                try await harness.rows("SELECT sent_at AT TIME ZONE 'UTC' FROM chat_messages WHERE id = 'no-time'")
                    == [["2025-01-02 03:04:05"]]
            )
            #expect(try await harness.rows("SELECT id FROM user_banned_events ORDER BY id") == [["1"], ["2"]])
            #expect(try await harness.rows("SELECT count(*) FROM message_deleted_events") == [["1"]])
            #expect(try await harness.rows("SELECT title FROM streams") == [["Title"]])
            #expect(try await harness.rows("SELECT count(*) FROM eventsub_sessions") == [["0"]])
            #expect(try await harness.rows("SELECT to_regclass('my_own_index')") == [["my_own_index"]])

            var events = ConformanceEvents()
            var old = ConformanceEvents.message("m1")
            old.sentAt = try #require(.init("2025-01-01T20:00:00.000Z"))
            old.receivedAt = old.sentAt
            let envelopes = ConformanceEvents.all.map { events.next($0.event) }
            let later = events.next(.chatMessage(ConformanceEvents.message("m1")))
            let batch = events.batch(envelopes + [later], base: .zero).batch
            #expect(try await store.commit(batch) == .committed(inserted: envelopes.count + 1, duplicates: 0))
            // The predecessor's own message, heard again.
            let again = events.batch([events.next(.chatMessage(old))], base: later.offset).batch
            #expect(try await store.commit(again) == .committed(inserted: 0, duplicates: 1))
            #expect(try await harness.rows("SELECT max(id) FROM user_banned_events") == [["3"]])
            await store.close()

            let reopened = try harness.makeStore()
            _ = try await reopened.open()
            #expect(try await harness.rows("SELECT count(*) FROM chat_messages") == [["1003"]])
            await reopened.close()
        }
    }

    @Test func `retention drops the predecessor's table once all of it is too old`() async throws {
        try await withPostgresHarness { harness in
            _ = try await harness.rows(Self.predecessor)
            let store = try harness.store { $0.retentionDays = 30 }
            _ = try await store.open()
            #expect(try await harness.rows("SELECT count(*) FROM chat_messages") == [["0"]])
            #expect(try await harness.rows("SELECT to_regclass('chat_messages_predecessor')") == [[nil]])
            await store.close()
        }
    }

    @Test func `the predecessor's queries use an index`() async throws {
        try await withPostgresHarness { harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            for query in [
                "SELECT * FROM chat_messages WHERE stream_id = 'x'",
                "SELECT * FROM chat_messages WHERE broadcaster_user_id = 'x'",
                "SELECT * FROM chat_messages WHERE chatter_user_id = 'x'",
                "SELECT * FROM chat_messages WHERE id = 'x'",
                "SELECT * FROM chat_messages ORDER BY sent_at DESC LIMIT 10",
            ] {
                let plan = try await harness.rows("SET enable_seqscan = off; EXPLAIN \(query)")
                let text = plan.flatMap { $0.compactMap(\.self) }.joined(separator: "\n")
                #expect(text.contains("Index") && !text.contains("Seq Scan"), "\(query): \(text)")
            }
            await store.close()
        }
    }
}
