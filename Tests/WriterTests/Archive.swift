import EventStore
import GRDB
import Logging
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

    func loop(_ store: any EventStore, rows: Int = 5, delay: Duration = .milliseconds(5)) async throws -> ArchiveLoop {
        let database = try await store.open()
        let committer = BatchCommitter(
            store: store,
            metrics: WriterMetrics(),
            health: health,
            clock: .system,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
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
