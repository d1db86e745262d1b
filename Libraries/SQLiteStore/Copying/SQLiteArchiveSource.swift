package import EventStore
import GRDB

/// Reads whole tables of an archive's file, ours or the predecessor's, while nobody writes it.
package struct SQLiteArchiveSource: ~Copyable {
    private let queue: DatabaseQueue
    private let lock: WriterLock

    /// A table and how many rows it has.
    package struct Table: Sendable {
        package var name: String
        package var rows: Int
    }

    /// - Throws: `.locked` while a writer has the file: what it writes on would be missing.
    package init(path: String) throws(EventStoreError) {
        guard let lock = try WriterLock(of: path) else {
            throw EventStoreError(.locked, operation: "open", message: "a writer has \(path); stop it first")
        }
        var configuration = GRDB.Configuration()
        configuration.label = "SQLiteArchiveSource"
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
        } catch {
            throw EventStoreError(error, operation: "open")
        }
        self.lock = lock
    }

    /// The database's own id; nil for a file that no writer of ours has opened.
    package borrowing func identity() throws(EventStoreError) -> String? {
        try read { database in
            guard try database.tableExists("database_identity") else { return nil }
            return try String.fetchOne(database, sql: "SELECT id FROM database_identity")
        }
    }

    /// Which of these tables there are.
    package borrowing func tables(_ names: [String]) throws(EventStoreError) -> [Table] {
        try read { database in
            try names.filter { try database.tableExists($0) }.map { name in
                Table(name: name, rows: try Int.fetchOne(database, sql: "SELECT count(*) FROM \"\(name)\"") ?? 0)
            }
        }
    }

    /// Up to `limit` rows behind a place; the first page is behind 0. No rows: that was all.
    package borrowing func page(
        of table: String,
        behind place: Int64,
        limit: Int
    ) throws(EventStoreError) -> ArchivePage {
        try read { database in
            // A table without row ids is small or in its key's order: its places are counted.
            let hasRowID = (try? database.makeStatement(sql: "SELECT rowid FROM \"\(table)\"")) != nil
            let key = try database.primaryKey(table).columns.map { "\"\($0)\"" }.joined(separator: ", ")
            let rows =
                hasRowID
                ? try Row.fetchAll(
                    database,
                    sql: "SELECT rowid AS place_of_row, * FROM \"\(table)\" WHERE rowid > ? ORDER BY rowid LIMIT ?",
                    arguments: [place, limit]
                )
                : try Row.fetchAll(
                    database,
                    sql: "SELECT 0 AS place_of_row, * FROM \"\(table)\" ORDER BY \(key) LIMIT ? OFFSET ?",
                    arguments: [limit, place]
                )
            let last: Int64 = hasRowID ? rows.last?[0] ?? place : place + Int64(rows.count)
            return ArchivePage(
                table: table,
                columns: rows.first.map { Array($0.columnNames.dropFirst()) } ?? [],
                rows: rows.map { row in row.databaseValues.dropFirst().map(ArchiveValue.init) },
                place: last
            )
        }
    }

    private borrowing func read<Value>(_ body: (Database) throws -> Value) throws(EventStoreError) -> Value {
        do {
            return try queue.read(body)
        } catch {
            throw EventStoreError(error, operation: "read")
        }
    }
}

extension ArchiveValue {
    fileprivate init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let number): self = .integer(number)
        case .double(let number): self = .real(number)
        case .string(let text): self = .text(text)
        case .blob(let data): self = .blob(Array(data))
        }
    }
}
