import EventStore
import Protocol

/// A connection that is ready to write: settings, staging table, prepared statements.
///
/// Not `Sendable`: it belongs to the store's actor.
final class Session {
    let connection: Connection
    /// The server process.
    let pid: Int
    /// The database's own id.
    let identity: String
    let locks: PartitionLocks
    var schedule: MonthSchedule
    var path = MessagePath()
    /// Whom the writers of this database have heard.
    var registry = ProducerRegistry()
    /// For how long other owners have not heard whom this one hears.
    var absences = OwnerAbsences()
    /// What this session is to write; nil while nobody shares.
    var ownership: Ownership?

    /// Connects, migrates and prepares. `expected` is the identity found earlier: another one is another database.
    init(_ address: PostgresAddress, application: String, expected: String?) throws(EventStoreError) {
        do throws(PostgresError) {
            connection = try Connection(address, application: application)
        } catch {
            throw EventStoreError(error, operation: "connect")
        }
        do throws(PostgresError) {
            try StartChecks.checkServer(connection)
            try Pooler.check(connection) { () throws(PostgresError) in
                try Connection(address, application: application)
            }
            try SessionSettings.apply(connection)
            pid = try Pooler.processID(connection)
        } catch {
            throw EventStoreError(error, operation: "connect")
        }
        if let expected { try ArchiveIdentity.check(connection, is: expected) }
        try Migrator().run(connection)
        do throws(PostgresError) {
            identity = try ArchiveIdentity.find(connection) ?? ""
            try StartChecks.checkRights(connection)
            locks = PartitionLocks(identity: identity)
            schedule = MonthSchedule(existing: try PartitionMaker.existing(connection))
            try MessageStaging.prepare(connection)
            for statement in RowStatement.allCases { try connection.prepare(statement.rawValue, statement.sql) }
        } catch {
            throw EventStoreError(error, operation: "open")
        }
        guard !identity.isEmpty else {
            throw EventStoreError(.corrupt, operation: "connect", message: "database_identity has no row")
        }
    }
}

/// The settings of every session: they free the locks of a writer that is gone, stopped or cut off within 15 s.
enum SessionSettings {
    private static let all = [
        ("tcp_keepalives_idle", "5"), ("tcp_keepalives_interval", "2"), ("tcp_keepalives_count", "3"),
        ("tcp_user_timeout", "10s"), ("idle_in_transaction_session_timeout", "10s"), ("idle_session_timeout", "15s"),
        ("lock_timeout", "5s"), ("statement_timeout", "30s"), ("TimeZone", "UTC"), ("DateStyle", "ISO"), ("jit", "off"),
    ]

    static func apply(_ connection: borrowing Connection) throws(PostgresError) {
        try connection.run(all.map { "SET \($0.0) = '\($0.1)'" }.joined(separator: "; "))
        do throws(PostgresError) {
            // Servers on some systems cannot look, and refuse it.
            try connection.run("SET client_connection_check_interval = '1s'")
        } catch  where error.sqlState == "22023" {}
    }
}
