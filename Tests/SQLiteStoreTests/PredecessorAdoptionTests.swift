import EventStore
import Foundation
import GRDB
import Protocol
import TestSupport
import Testing

@Suite struct PredecessorAdoptionTests {
    /// The file as the predecessor creates it, shortened to two tables.
    private static let predecessor = """
        CREATE TABLE streams (
            stream_id VARCHAR(50) NOT NULL, user_id VARCHAR(50) NOT NULL, user_login VARCHAR(100) NOT NULL,
            user_name VARCHAR(200), game_id VARCHAR(50), game_name VARCHAR(200), title VARCHAR(500),
            viewer_count INTEGER, language VARCHAR(10), is_mature BOOLEAN, started_at DATETIME, ended_at DATETIME,
            created_at DATETIME, updated_at DATETIME, PRIMARY KEY (stream_id));
        CREATE INDEX idx_streams_user_id ON streams (user_id);
        CREATE INDEX idx_streams_started_at ON streams (started_at);
        CREATE TABLE chat_messages (
            id VARCHAR(100) NOT NULL, stream_id VARCHAR(50) NOT NULL, broadcaster_user_id VARCHAR(50) NOT NULL,
            broadcaster_user_login VARCHAR(100), broadcaster_user_name VARCHAR(200),
            chatter_user_id VARCHAR(50) NOT NULL, chatter_user_login VARCHAR(100), chatter_user_name VARCHAR(200),
            message_text TEXT, color VARCHAR(20), badges TEXT, bits INTEGER, message_type VARCHAR(50),
            is_subscriber BOOLEAN, is_moderator BOOLEAN, is_vip BOOLEAN, is_first_message BOOLEAN,
            sent_at DATETIME, created_at DATETIME, PRIMARY KEY (id));
        CREATE INDEX idx_chat_stream_id ON chat_messages (stream_id);
        CREATE INDEX idx_chat_chatter_user_id ON chat_messages (chatter_user_id);
        CREATE INDEX idx_chat_broadcaster_user_id ON chat_messages (broadcaster_user_id);
        CREATE INDEX idx_chat_sent_at ON chat_messages (sent_at);
        CREATE TABLE message_deleted_events (
            id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, stream_id VARCHAR(50),
            broadcaster_user_id VARCHAR(50) NOT NULL, broadcaster_user_login VARCHAR(100),
            broadcaster_user_name VARCHAR(200), target_user_id VARCHAR(50), target_user_login VARCHAR(100),
            target_user_name VARCHAR(200), message_id VARCHAR(100) NOT NULL, message_text TEXT, deleted_at DATETIME,
            created_at DATETIME);
        CREATE INDEX idx_deleted_message_id ON message_deleted_events (message_id);
        CREATE TABLE user_banned_events (
            id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, stream_id VARCHAR(50),
            broadcaster_user_id VARCHAR(50) NOT NULL, broadcaster_user_login VARCHAR(100),
            broadcaster_user_name VARCHAR(200), user_id VARCHAR(50) NOT NULL, user_login VARCHAR(100),
            user_name VARCHAR(200), moderator_user_id VARCHAR(50), moderator_user_login VARCHAR(100),
            moderator_user_name VARCHAR(200), reason TEXT, is_permanent BOOLEAN, ends_at DATETIME, banned_at DATETIME,
            created_at DATETIME);
        CREATE INDEX idx_banned_at ON user_banned_events (banned_at);
        CREATE TABLE eventsub_sessions (session_id VARCHAR(100) NOT NULL PRIMARY KEY, is_active BOOLEAN);
        INSERT INTO streams VALUES ('s1', '100', 'quietharbor', 'QuietHarbor', '1', 'Chess', 'Title', 5, 'en', 0,
            '2025-01-01 10:00:00.000000', NULL, '2025-01-01 10:00:01.000000', '2025-01-01 10:00:01.000000');
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
        INSERT INTO chat_messages SELECT 'm' || i, 's1', '100', 'quietharbor', 'quietharbor', '200', 'mina', 'Mina',
            'text ' || i, NULL, 'vip/1', NULL, 'chat', 0, 0, 1, 0, '2025-01-01 10:00:00.123456',
            '2025-01-01 10:00:00.200000' FROM n;
        INSERT INTO user_banned_events (broadcaster_user_id, user_id, is_permanent, banned_at) VALUES
            ('100', '200', 0, '2025-01-01 10:00:00.123456'), ('100', '200', 0, '2025-01-01 10:00:00.123456');
        INSERT INTO message_deleted_events (broadcaster_user_id, message_id) VALUES ('100', 'm1');
        """

    @Test func `a predecessor's file keeps every row and takes ours behind them`() async throws {
        try await withSQLiteHarness { harness in
            let store = try harness.makeStore()
            _ = try await store.claim()
            let queue = try DatabaseQueue(path: harness.path)
            try await queue.write { try $0.execute(sql: Self.predecessor) }
            try queue.close()

            _ = try await store.open()
            let sql = "SELECT count(*), min(message_text), max(sent_at), min(stream_id), min(badges) FROM chat_messages"
            #expect(
                try await harness.rows(sql)
                    == [["1000", "text 1", "2025-01-01 10:00:00.123456", "s1", "vip/1"]]
            )
            #expect(try await harness.rows("SELECT id FROM user_banned_events ORDER BY id") == [["1"], ["2"]])
            #expect(try await harness.rows("SELECT count(*) FROM message_deleted_events") == [["1"]])
            #expect(try await harness.rows("SELECT title FROM streams") == [["Title"]])
            #expect(try await harness.rows("SELECT count(*) FROM eventsub_sessions") == [["0"]])

            var events = ConformanceEvents()
            var offline = ConformanceEvents.message("offline")
            offline.sentAt = Timestamp(rawValue: ConformanceEvents.time.rawValue - 1)
            let envelopes = (ConformanceEvents.all.map(\.event) + [.chatMessage(offline)]).map { events.next($0) }
            #expect(
                try await store.commit(events.batch(envelopes, base: .zero).batch)
                    == .committed(inserted: envelopes.count, duplicates: 0)
            )
            // It never recorded the end of "s1": what is said since must not belong to that.
            #expect(
                try await harness.rows("SELECT stream_id, count(*) FROM chat_messages GROUP BY 1 ORDER BY 2, 1")
                    == [[nil, "1"], ["40000000001", "1"], ["s1", "1000"]]
            )
            #expect(try await harness.rows("SELECT max(id) FROM user_banned_events") == [["3"]])
            await store.close()

            let again = try harness.makeStore()
            _ = try await again.open()
            #expect(try await harness.rows("SELECT count(*) FROM chat_messages") == [["1002"]])
            await again.close()
        }
    }

    @Test func `the predecessor's queries use an index`() async throws {
        try await withSQLiteHarness { harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            for (query, index) in [
                ("SELECT * FROM chat_messages WHERE stream_id = 'x'", "idx_chat_stream_id"),
                ("SELECT * FROM chat_messages WHERE broadcaster_user_id = 'x'", "idx_chat_broadcaster_user_id"),
                ("SELECT * FROM chat_messages WHERE chatter_user_id = 'x'", "idx_chat_chatter_user_id"),
                ("SELECT * FROM chat_messages WHERE id = 'x'", "sqlite_autoindex_chat_messages_1"),
                ("SELECT * FROM chat_messages ORDER BY sent_at DESC LIMIT 10", "idx_chat_sent_at"),
            ] {
                let plan = try await harness.rows("EXPLAIN QUERY PLAN \(query)").flatMap { $0.compactMap(\.self) }
                #expect(plan.contains { $0.contains(index) }, "\(query): \(plan)")
            }
            await store.close()
        }
    }
}
