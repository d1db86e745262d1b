import EventStore
import PostgresStore
import SQLiteStore
import ServiceRuntime

/// Copies table after table, page after page, and shows how far it is.
struct StoreMigration {
    /// Rows of one transaction.
    private static let pageRows = 5000

    let path: String
    let address: PostgresAddress

    func run() async throws {
        let source = try SQLiteArchiveSource(path: path)
        let identity = try source.identity()
        // Counting may take minutes, which the server would not wait for.
        let tables = try source.tables(PostgresImporter.tables)
        let importer = PostgresImporter(address, source: identity ?? path)
        let progress = try await importer.open(identity: identity)
        var bar = MigrationProgress(
            total: tables.reduce(0) { $0 + $1.rows },
            done: progress.values.reduce(0) { $0 + $1.rows },
            isInteractive: Terminal.error.isInteractive,
            write: Terminal.error.write(trusted:)
        )
        for table in tables {
            var place = progress[table.name]?.place ?? 0
            var copied = 0
            var new = 0
            while true {
                let page = try source.page(of: table.name, behind: place, limit: Self.pageRows)
                if page.rows.isEmpty { break }
                new += try await importer.take(page)
                copied += page.rows.count
                place = page.place
                bar.advance(page.rows.count, table: table.name)
            }
            bar.finish(table: table.name, rows: table.rows, copied: copied, new: new)
        }
        await importer.close()
        Terminal.output.write("Everything of \(path) is in \(address). Set DATABASE_URL to it and start the writers.\n")
    }
}
