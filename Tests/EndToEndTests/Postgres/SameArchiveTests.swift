import Foundation
import GRDB
import TestSupport
import Testing

/// What both engines hold after they were written from one journal.
@Suite(.serialized) struct SameArchiveTests {
    @Test func `both engines hold the same after the same events of all kinds`() async throws {
        try await PostgresStack.with(channels: 6) { postgres in
            try postgres.stack.startGateway()
            try await postgres.stack.joined()
            try postgres.stack.startWriter()
            // The journal acknowledges the first database only; the second one is a reader like any other.
            try postgres.startWriter()
            var messages = 0
            for _ in 0..<3 {
                let burst = try await postgres.stack.control.burst(postgres.stack.channels, 1_500, kinds: nil)
                messages += burst.offered.values.reduce(0) { $0 + ($1.kinds["PRIVMSG"] ?? 0) }
            }
            try await postgres.stack.control.inflict("garbage", ["count": 30])
            messages += try await postgres.stack.control.burst(postgres.stack.channels, 100).lines
            try await bothHaveRead(messages, postgres)
            let tables = try await postgres.query(
                """
                SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition
                    AND relnamespace = 'public'::regnamespace
                    AND relname NOT IN ('schema_migrations', 'database_identity')
                """
            ).compactMap { $0.first.flatMap(\.self) }
            #expect(tables.count > 12)
            var filled = 0
            for table in tables {
                let columns = try await postgres.query(
                    """
                    SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '\(table)'
                        AND column_name NOT IN ('created_at', 'updated_at') AND NOT (column_name = 'id' AND data_type = 'bigint')
                        AND is_generated = 'NEVER' ORDER BY 1
                    """
                ).compactMap { row -> (name: String, type: String)? in
                    guard let name = row[0], let type = row[1] else { return nil }
                    return (name, type)
                }
                let sqlite = try Self.sqliteRows(of: table, columns.map(\.name), postgres.stack)
                let postgresql = try await Self.postgresRows(of: table, columns, postgres)
                let isSame = sqlite == postgresql
                #expect(isSame, "\(table): \(Self.firstDifference(sqlite, postgresql))")
                if !sqlite.isEmpty { filled += 1 }
            }
            #expect(filled >= 8, "events of many kinds were stored")
        }
    }

    /// Waits until both hold so many messages and stand at the same offsets, and stay there for three looks.
    private func bothHaveRead(_ messages: Int, _ postgres: PostgresStack) async throws {
        let offsets = "SELECT producer, partition, \"offset\" FROM bus_offsets ORDER BY 1, 2"
        var seen: [[String]] = []
        var quietLooks = 0
        try await eventually("both have read the whole journal", within: .seconds(120), every: .milliseconds(500)) {
            guard postgres.stack.rows("chat_messages") >= messages,
                await postgres.count("SELECT count(*) FROM chat_messages") >= messages,
                let theirs = try? await postgres.query(offsets).map({ $0.compactMap(\.self) })
            else { return false }
            let ours = try postgres.stack.read { database in
                try Row.fetchAll(database, sql: offsets).map { row in Array(row.databaseValues).compactMap(Self.text) }
            }
            quietLooks = theirs == ours && theirs == seen ? quietLooks + 1 : 0
            seen = theirs
            return quietLooks >= 3
        }
    }

    private static func sqliteRows(of table: String, _ columns: [String], _ stack: Stack) throws -> [String] {
        let names = columns.map { "\"\($0)\"" }.joined(separator: ", ")
        let rows = try stack.read { database in
            try Row.fetchAll(database, sql: "SELECT \(names) FROM \(table)").map { row in
                row.databaseValues.map { text($0) ?? "NULL" }.joined(separator: "|")
            }
        }
        return (rows ?? []).sorted()
    }

    /// Times and truth in SQLite's words.
    private static func postgresRows(
        of table: String,
        _ columns: [(name: String, type: String)],
        _ postgres: PostgresStack
    ) async throws -> [String] {
        let expressions = columns.map { column in
            switch column.type {
            case "timestamp with time zone":
                "to_char(\"\(column.name)\" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
            case "boolean": "\"\(column.name)\"::int"
            case "bytea": "encode(\"\(column.name)\", 'hex')"
            default: "\"\(column.name)\""
            }
        }
        let rows = try await postgres.query("SELECT \(expressions.joined(separator: ", ")) FROM \(table)")
        return rows.map { row in row.map { $0 ?? "NULL" }.joined(separator: "|") }.sorted()
    }

    private static func text(_ value: DatabaseValue) -> String? {
        switch value.storage {
        case .null: nil
        case .int64(let number): "\(number)"
        case .double(let number): "\(number)"
        case .string(let text): text
        case .blob(let data): data.map { String(format: "%02x", $0) }.joined()
        }
    }

    private static func firstDifference(_ a: [String], _ b: [String]) -> String {
        for (one, other) in zip(a, b) where one != other { return "\(one)\n\(other)" }
        return "\(a.count) rows, \(b.count) rows"
    }
}
