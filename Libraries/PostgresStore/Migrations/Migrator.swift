import EventStore
import Protocol

/// Brings a database to this version's schema in one transaction, under an advisory lock that lets one in at a time.
struct Migrator {
    /// The key of the advisory lock for every change of the schema.
    static let lock = 0x5443_4330_4D49_4752

    var migrations = Migration.all

    /// - Throws: `.incompatible` when a newer version has migrated the database further.
    func run(_ connection: borrowing Connection) throws(EventStoreError) {
        do throws(PostgresError) {
            // A short look without a lock: almost every start finds everything applied.
            if let applied = try Self.applied(connection), try missing(applied).isEmpty { return }
            try connection.run(
                "BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0"
            )
            do throws(PostgresError) {
                // The first of several may be copying for long; the others are `locked` and try again.
                try connection.run("SELECT pg_advisory_xact_lock(\(Self.lock))", within: nil)
                try apply(connection)
                try connection.run("COMMIT", within: nil)
            } catch {
                _ = try? connection.run("ROLLBACK")
                throw error
            }
        } catch {
            throw Self.refusal(error) ?? EventStoreError(error, operation: "migrate")
        }
    }

    private func apply(_ connection: borrowing Connection) throws(PostgresError) {
        try connection.run(
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now()
            )
            """
        )
        for migration in try missing(Self.applied(connection) ?? []) {
            try migration.apply(connection)
            var name = BinaryFields.parameters
            name.text(migration.name)
            _ = try connection.query("INSERT INTO schema_migrations (name) VALUES ($1)", name)
        }
    }

    /// The names of the steps that are applied; nil where there is no archive yet. Needs no more than the right to SELECT.
    static func applied(_ connection: borrowing Connection) throws(PostgresError) -> [String]? {
        guard try connection.run("SELECT to_regclass('schema_migrations')").value != nil else { return nil }
        return try connection.run("SELECT name FROM schema_migrations ORDER BY name").rows
            .compactMap { $0.first.flatMap(\.self) }
    }

    /// The steps that are not applied.
    private func missing(_ applied: [String]) throws(PostgresError) -> [Migration] {
        if let unknown = applied.first(where: { name in !migrations.contains { $0.name == name } }) {
            throw PostgresError(sqlState: Self.newer, message: unknown, isBroken: false)
        }
        return migrations.filter { !applied.contains($0.name) }
    }

    /// Not a state of the server's: our own mark for a step that this version does not know.
    private static let newer = "TCC01"

    private static func refusal(_ error: PostgresError) -> EventStoreError? {
        guard error.sqlState == newer else { return nil }
        return EventStoreError(
            .incompatible,
            operation: "migrate",
            message: "the database was migrated by a newer version (\(error.message)); run that version or newer"
        )
    }
}
