package import EventStore
import GRDB

/// Looks at an archive's file beside whoever writes it.
package enum SQLiteInspection {
    /// Waits for a busy file as long as a writer's transaction may take, no longer.
    private static let patience = 2.0

    /// Opens the file, which must be there, and asks for the right to write without writing. Blocks.
    package static func inspect(path: String) throws(EventStoreError) -> ArchiveCondition {
        var configuration = GRDB.Configuration()
        configuration.label = "SQLiteInspection"
        configuration.busyMode = .timeout(patience)
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            defer { try? queue.close() }
            return try queue.writeWithoutTransaction { database in
                let applied =
                    try database.tableExists("schema_migrations")
                    ? String.fetchAll(database, sql: "SELECT name FROM schema_migrations ORDER BY name") : nil
                return ArchiveCondition(
                    schema: .init(applied: applied, known: Migration.all.map(\.name)),
                    writeObstacle: try obstacle(database)
                )
            }
        } catch {
            throw EventStoreError(error, operation: "inspect")
        }
    }

    /// The lock of a writer, taken for a moment: a file system or a mode that forbids writing shows itself here.
    private static func obstacle(_ database: Database) throws -> String? {
        do {
            try database.beginTransaction(.immediate)
            try database.rollback()
            return nil
        } catch let error as DatabaseError where error.resultCode == .SQLITE_READONLY {
            return "the file is read-only for this user"
        }
    }
}
