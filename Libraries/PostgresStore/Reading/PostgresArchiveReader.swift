package import EventStore
package import Protocol

/// Reads an archive in PostgreSQL beside whoever writes it. Needs no more than the right to SELECT.
package actor PostgresArchiveReader: ArchiveReader {
    /// Counting a long stream's messages in a cold database takes its time.
    static let patience: Duration = .seconds(600)

    private let connection: Connection
    private let clock: WallClock
    private let executor: SerialQueueExecutor

    /// Connects; the archive must be there, in this version's schema.
    package init(_ address: PostgresAddress, clock: WallClock = .system) throws(EventStoreError) {
        executor = SerialQueueExecutor(label: "postgres-reader")
        self.clock = clock
        do throws(PostgresError) {
            connection = try Connection(address, application: "twitch-chat-collector stats")
            try connection.run("SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET jit = off")
            try connection.run("SET default_transaction_read_only = on")
        } catch {
            throw EventStoreError(error, operation: "connect")
        }
        try Self.check(connection)
    }

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    package func streams(of login: String, last: Int) async throws(EventStoreError) -> [String]? {
        do throws(PostgresError) {
            return try StreamFacts.streams(of: login, last: last, connection)
        } catch {
            throw EventStoreError(error, operation: "streams")
        }
    }

    package func statistics(of streamID: String) async throws(EventStoreError) -> StreamStatistics? {
        let now = clock.now()
        return try snapshot("statistics") { (connection) throws(PostgresError) in
            try StreamFacts.statistics(of: streamID, now: now, connection)
        }
    }

    package func coverage(
        of logins: [String]?,
        from start: Timestamp,
        through end: Timestamp
    ) async throws(EventStoreError) -> [ChannelCoverage] {
        try snapshot("coverage") { (connection) throws(PostgresError) in
            try CoverageFigures.coverage(of: logins, from: start, through: end, connection)
        }
    }

    /// Reads in one snapshot: the figures fit together while writers go on.
    private func snapshot<Found>(
        _ operation: String,
        _ body: (borrowing Connection) throws(PostgresError) -> Found
    ) throws(EventStoreError) -> Found {
        do throws(PostgresError) {
            try connection.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            let found = try body(connection)
            try connection.run("COMMIT")
            return found
        } catch {
            if !error.isBroken { _ = try? connection.run("ROLLBACK") }
            throw EventStoreError(error, operation: operation)
        }
    }

    private static func check(_ connection: borrowing Connection) throws(EventStoreError) {
        let applied: [String]?
        do throws(PostgresError) {
            applied = try Migrator.applied(connection)
        } catch {
            throw EventStoreError(error, operation: "open")
        }
        guard let missing = Migration.all.map(\.name).first(where: { applied?.contains($0) != true }) else { return }
        throw EventStoreError(
            .incompatible,
            operation: "open",
            message: applied == nil
                ? "it holds no archive; start the writer once, which makes its tables"
                : "it is of an older version (\(missing) is missing); start the writer once, which brings it up to date"
        )
    }
}
