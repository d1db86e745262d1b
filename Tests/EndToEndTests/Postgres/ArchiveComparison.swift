import Foundation
import GRDB
import TestSupport
import Testing

/// Compares every table of a stack's SQLite file with the same table in PostgreSQL.
enum ArchiveComparison {
    /// Records an issue for each table that differs, and tells how many have rows.
    ///
    /// Left out is what each archive gives itself: numbers of rows, when it wrote them, and when it heard a producer.
    static func expectSame(_ postgres: PostgresStack) async throws -> Int {
        let tables = try await postgres.query(
            """
            SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition
                AND relnamespace = 'public'::regnamespace
                AND relname NOT IN ('schema_migrations', 'database_identity', 'store_migrations', 'bus_producers')
            """
        ).compactMap { $0.first.flatMap(\.self) }
        #expect(tables.count > 12)
        var filled = 0
        for table in tables {
            let columns = try await postgres.query(
                """
                SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '\(table)'
                    AND column_name NOT IN ('created_at', 'updated_at')
                    AND NOT (column_name = 'id' AND data_type = 'bigint') AND is_generated = 'NEVER'
                    AND is_identity = 'NO' ORDER BY 1
                """
            ).compactMap { row -> (name: String, type: String)? in
                guard let name = row[0], let type = row[1] else { return nil }
                return (name, type)
            }
            let sqlite = try sqliteRows(of: table, columns.map(\.name), postgres.stack)
            let postgresql = try await postgresRows(of: table, columns, postgres)
            let isSame = sqlite == postgresql
            #expect(isSame, "\(table): \(firstDifference(sqlite, postgresql))")
            if !sqlite.isEmpty { filled += 1 }
        }
        return filled
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

    static func text(_ value: DatabaseValue) -> String? {
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
