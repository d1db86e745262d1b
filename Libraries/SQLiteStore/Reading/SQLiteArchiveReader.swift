package import EventStore
import GRDB
package import Protocol

/// Reads an archive's file beside whoever writes it.
package struct SQLiteArchiveReader: ArchiveReader {
    private let queue: DatabaseQueue
    private let clock: WallClock

    /// Opens the file for reading only; it must be there.
    package init(path: String, clock: WallClock = .system) throws(EventStoreError) {
        var configuration = GRDB.Configuration()
        configuration.label = "SQLiteArchiveReader"
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            try database.execute(
                sql: "PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 4294967296"
            )
        }
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.read(Self.check)
        } catch {
            throw EventStoreError(error, operation: "open")
        }
        self.clock = clock
    }

    package func streams(of login: String, last: Int) async throws(EventStoreError) -> [String]? {
        try await read("streams") { database in
            try StreamFacts(database).streams(of: login, last: last)
        }
    }

    package func statistics(of streamID: String) async throws(EventStoreError) -> StreamStatistics? {
        let now = clock.now()
        // One transaction: the figures fit together while a writer goes on.
        return try await read("statistics") { database in
            try StreamFacts(database).statistics(of: streamID, now: now)
        }
    }

    package func coverage(
        of logins: [String]?,
        from start: Timestamp,
        through end: Timestamp
    ) async throws(EventStoreError) -> [ChannelCoverage] {
        try await read("coverage") { database in
            try CoverageFigures(database).coverage(of: logins, from: start, through: end)
        }
    }

    private func read<Value: Sendable>(
        _ operation: String,
        _ body: @Sendable @escaping (Database) throws -> Value
    ) async throws(EventStoreError) -> Value {
        do {
            return try await queue.read(body)
        } catch {
            throw EventStoreError(error, operation: operation)
        }
    }

    private static func check(_ database: Database) throws {
        let applied =
            try database.tableExists("schema_migrations")
            ? String.fetchAll(database, sql: "SELECT name FROM schema_migrations") : []
        guard let missing = Migration.all.map(\.name).first(where: { !applied.contains($0) }) else { return }
        throw EventStoreError(
            .incompatible,
            operation: "open",
            message:
                "it is of an older version (\(missing) is missing); start the writer once, which brings it up to date"
        )
    }
}
