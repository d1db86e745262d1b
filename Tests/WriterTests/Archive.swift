import EventStore
import GRDB
import Logging
import PostgresStore
import Protocol
import SQLiteStore
import ServiceRuntime
import TestSupport

@testable import writer

/// A writer's loop over a memory bus and a real SQLite file.
struct Archive {
    let path: String
    let source = MemorySource()
    let health = Health()

    var store: SQLiteStore { SQLiteStore(SQLiteStore.Configuration(path: path)) }

    static func with(_ body: (Archive) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            try await body(Archive(path: directory + "/chats.db"))
        }
    }

    func loop(
        _ store: any EventStore,
        rows: Int = 5,
        delay: Duration = .milliseconds(5),
        time: LoopTime = .system
    ) async throws -> ArchiveLoop {
        let database = try await store.open()
        let committer = BatchCommitter(
            store: store,
            metrics: WriterMetrics(),
            health: health,
            clock: .system,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            time: time
        )
        return ArchiveLoop(
            source: source,
            committer: committer,
            database: database,
            limits: BatchBuilder.Limits(rows: rows, bytes: 1 << 20),
            delay: delay
        )
    }

    /// Announces the producers, runs the loop until everything is stored, and closes the store.
    func run(_ store: any EventStore, producers: [String] = ["gw-7f3a"], rows: Int = 5) async throws {
        for producer in producers { source.announce(producer) }
        var loop = try await loop(store, rows: rows)
        source.stop()
        try await loop.run()
        await store.close()
    }

    /// Why `/health/ready` says that the database is not.
    var obstacle: String? { reason("database") }

    /// Why `/health/ready` says that a part is not.
    func reason(_ part: String) -> String? { health.parts.first { $0.name == part }?.reason }

    /// Does something to the file beside the writer, waiting for it.
    func execute(_ sql: String) async throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(30)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? queue.close() }
        try await queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    }

    /// The same bus before a PostgreSQL database of its own.
    func withPostgres(
        _ body: (PostgresServer, _ database: String, PostgresStore) async throws -> Void
    ) async throws {
        let server = try await PostgresServer.shared()
        let database = try await server.makeDatabase()
        let store = PostgresStore(
            PostgresStore.Configuration(address: try PostgresAddress(uri: server.uri(database))),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        do {
            try await body(server, database, store)
        } catch {
            await store.close()
            try? await server.dropDatabase(database)
            throw error
        }
        try await server.dropDatabase(database)
    }

    func rows(_ sql: String) async throws -> [[String]] {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        return try await queue.writeWithoutTransaction { database in
            try Row.fetchAll(database, sql: sql).map { row in
                row.databaseValues.map { String.fromDatabaseValue($0) ?? "\(Int.fromDatabaseValue($0) ?? -1)" }
            }
        }
    }
}

extension ConformanceEvents {
    /// Messages with ids that begin with `prefix`.
    mutating func messages(_ count: Int, _ prefix: String = "m") -> [Envelope] {
        (1...count).map { next(.chatMessage(Self.message("\(prefix)\($0)"))) }
    }
}
