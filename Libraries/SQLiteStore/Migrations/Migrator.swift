import EventStore
import GRDB
import Protocol

/// Brings a database to this version's schema in one transaction, which also keeps a second opener out.
struct Migrator {
    var migrations = Migration.all

    /// - Throws: `.incompatible` when a newer version has migrated the database further.
    func run(_ database: Database, now: Timestamp) throws {
        try database.beginTransaction(.immediate)
        do {
            try database.execute(
                sql: """
                    CREATE TABLE IF NOT EXISTS schema_migrations (
                        name VARCHAR(100) PRIMARY KEY, applied_at DATETIME NOT NULL
                    )
                    """
            )
            let applied = try String.fetchAll(database, sql: "SELECT name FROM schema_migrations ORDER BY name")
            let known = migrations.map(\.name)
            if let unknown = applied.first(where: { !known.contains($0) }) {
                throw EventStoreError(
                    .incompatible,
                    operation: "migrate",
                    message: "the database was migrated by a newer version (\(unknown)); run that version or newer"
                )
            }
            for migration in migrations where !applied.contains(migration.name) {
                try migration.apply(database)
                try database.execute(
                    sql: "INSERT INTO schema_migrations (name, applied_at) VALUES (?, ?)",
                    arguments: [migration.name, now.dateTimeText]
                )
            }
            try database.commit()
        } catch {
            try? database.rollback()
            throw error
        }
    }
}
