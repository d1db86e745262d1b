import Foundation
import GRDB
import TestSupport
import Testing

/// `collector migrate-store`, as a person runs it.
@Suite(.serialized) struct MigrateStoreTests {
    private func migrate(_ postgres: PostgresStack, from path: String) throws -> RunningProgram {
        try RunningProgram(
            "collector",
            ["migrate-store", "sqlite:///" + path],
            environment: ["DATABASE_URL": postgres.server.uri(postgres.database)],
            in: postgres.stack.directory
        )
    }

    @Test func `an archive of ours moves, through a kill, and the writers go on behind it`() async throws {
        try await PostgresStack.with(channels: 6) { postgres in
            let stack = postgres.stack
            try stack.startGateway()
            try await stack.joined()
            try stack.startWriter()
            var offered = try await stack.control.burst(stack.channels, 12_000).ids
            _ = try await stack.control.burst(stack.channels, 600, kinds: ["CLEARMSG", "CLEARCHAT", "USERNOTICE"])
            try await eventually("all is in SQLite") { stack.rows("chat_messages") >= 12_000 }
            let refused = try migrate(postgres, from: stack.database)
            #expect(try await refused.exitCode() == 75, "\(refused.errorOutput)")
            #expect(refused.errorOutput.contains("stop it first"))
            try await stack.writer?.stop()

            let killed = try migrate(postgres, from: stack.database)
            try await eventually("some of it is there") {
                await postgres.count("SELECT count(*) FROM chat_messages") > 0 || !killed.isRunning
            }
            killed.send(SIGKILL)
            _ = try await killed.exitCode()
            let resumed = try migrate(postgres, from: stack.database)
            #expect(try await resumed.exitCode() == 0, "\(resumed.errorOutput)")
            #expect(try await ArchiveComparison.expectSame(postgres) >= 4)
            let again = try migrate(postgres, from: stack.database)
            #expect(try await again.exitCode() == 0)
            #expect(again.errorOutput.contains("chat_messages: 12000 rows, nothing to do"), "\(again.errorOutput)")

            try postgres.startWriter()
            offered.formUnion(try await stack.control.burst(stack.channels, 600).ids)
            try await postgres.expectStored(offered)
            #expect(!postgres.all.contains { $0.errorOutput.contains("refuses acknowledgements") })
        }
    }

    @Test func `a password is taken from standard input and refused where others see it`() async throws {
        try await PostgresStack.with(channels: 1) { postgres in
            let directory = postgres.stack.directory
            let archive = directory + "/empty.db"
            try await DatabaseQueue(path: archive).write { try $0.execute(sql: "CREATE TABLE streams (id TEXT)") }
            let uri = postgres.server.uri(postgres.database)
                .replacingOccurrences(of: "collector@", with: "collector:hunter2@")
            let shown = try RunningProgram("collector", ["migrate-store", "sqlite:///" + archive, uri], in: directory)
            #expect(try await shown.exitCode() == 64)
            #expect(shown.errorOutput.contains("shows its password"), "\(shown.errorOutput)")
            #expect(!shown.errorOutput.contains("hunter2"))
            let empty = try RunningProgram("collector", ["migrate-store", "sqlite:///" + archive, "-"], in: directory)
            #expect(try await empty.exitCode() == 64)
            #expect(empty.errorOutput.contains("standard input holds no URL"), "\(empty.errorOutput)")
        }
    }

    @Test func `the predecessor's archive moves, whatever its rows hold`() async throws {
        try await PostgresStack.with(channels: 1) { postgres in
            let path = postgres.stack.directory + "/old.db"
            let queue = try DatabaseQueue(path: path)
            try await queue.write { database in
                try database.execute(
                    sql: """
                        CREATE TABLE chat_messages (
                            id VARCHAR(100) PRIMARY KEY, stream_id VARCHAR(50) NOT NULL,
                            broadcaster_user_id VARCHAR(50) NOT NULL, chatter_user_id VARCHAR(50) NOT NULL,
                            message_text TEXT, is_vip BOOLEAN, sent_at DATETIME, created_at DATETIME);
                        CREATE TABLE user_banned_events (
                            id INTEGER PRIMARY KEY AUTOINCREMENT, broadcaster_user_id VARCHAR(50) NOT NULL,
                            user_id VARCHAR(50) NOT NULL, banned_at DATETIME);
                        CREATE TABLE eventsub_sessions (session_id VARCHAR(100) PRIMARY KEY);
                        INSERT INTO chat_messages VALUES
                            ('a', 's', '100', '200', char(9, 10, 13, 92) || 'x', 1, '2025-01-01 10:00:00.123456', NULL),
                            ('b', 's', '100', '200', NULL, 0, NULL, '2025-02-03 04:05:06.000000');
                        INSERT INTO user_banned_events (broadcaster_user_id, user_id, banned_at) VALUES
                            ('100', '200', '2025-01-01 10:00:00.000000'), ('100', '200', '2025-01-01 10:00:00.000000');
                        """
                )
            }
            try queue.close()
            for _ in 0..<2 {
                let migration = try migrate(postgres, from: path)
                #expect(try await migration.exitCode() == 0, "\(migration.errorOutput)")
            }
            #expect(
                try await postgres.query(
                    """
                    SELECT id, message_text = E'\\t\\n\\r\\\\x', is_vip, sent_at AT TIME ZONE 'UTC', tableoid::regclass
                    FROM chat_messages ORDER BY id
                    """
                ) == [
                    ["a", "t", "t", "2025-01-01 10:00:00.123456", "chat_messages_2025_01"],
                    ["b", nil, "f", "2025-02-03 04:05:06", "chat_messages_other"],
                ]
            )
            #expect(await postgres.count("SELECT count(*) FROM user_banned_events") == 2)
        }
    }

    @Test func `what cannot be copied is one line`() async throws {
        try await PostgresStack.with(channels: 1) { postgres in
            let missing = try migrate(postgres, from: postgres.stack.directory + "/none.db")
            #expect(try await missing.exitCode() == 66)
            #expect(missing.errorOutput.split(separator: "\n").count == 1)
        }
    }
}
