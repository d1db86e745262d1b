package import EventStore
import FoundationEssentials
import GRDB
package import Protocol

/// An archive in one SQLite file. Its work runs on a thread of its own, one call after the other.
package actor SQLiteStore: EventStore {
    /// Where the file is and how it is kept.
    package struct Configuration: Sendable {
        package var path: String
        /// SQLite's page cache, in bytes.
        package var cacheBytes: Int
        /// Tells `created_at` and `updated_at`.
        package var clock: WallClock

        package init(path: String, cacheBytes: Int = 8 << 20, clock: WallClock = .system) {
            self.path = path
            self.cacheBytes = cacheBytes
            self.clock = clock
        }
    }

    private let configuration: Configuration
    private let executor = SerialQueueExecutor(label: "sqlite-store")
    private var queue: DatabaseQueue?
    private var lock: WriterLock?
    /// Who was noted as heard, and when.
    private var noted: (names: Set<String>, at: ContinuousClock.Instant?) = ([], nil)

    /// Touches nothing before `claim()` or `open()`.
    package init(_ configuration: Configuration) {
        self.configuration = configuration
    }

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    /// One writer per file: the lock beside it is held until `close()` or the end of the process.
    package func claim() throws(EventStoreError) -> Bool {
        if lock != nil { return true }
        try makeDirectory()
        guard let lock = try WriterLock(of: configuration.path) else { return false }
        self.lock = consume lock
        return true
    }

    package func open() throws(EventStoreError) -> String {
        try makeDirectory()
        do {
            let queue = try DatabaseQueue(path: configuration.path, configuration: connectionConfiguration)
            let clock = configuration.clock
            let identity = try queue.writeWithoutTransaction { database in
                try Migrator().run(database, now: clock.now())
                return try String.fetchOne(database, sql: "SELECT id FROM database_identity")
            }
            guard let identity else {
                throw EventStoreError(.corrupt, operation: "open", message: "database_identity has no row")
            }
            self.queue = queue
            return identity
        } catch {
            throw EventStoreError(error, operation: "open")
        }
    }

    package func offsets(of producer: String) throws(EventStoreError) -> [Int: Offset] {
        do {
            return try connection("offsets").writeWithoutTransaction { database in
                let rows = try Row.fetchAll(
                    database,
                    sql: "SELECT partition, \"offset\" FROM bus_offsets WHERE producer = ?",
                    arguments: [producer]
                )
                return Dictionary(
                    uniqueKeysWithValues: rows.map { row in
                        let offset: Int64 = row[1]
                        return (row[0], Offset(rawValue: UInt64(bitPattern: offset)))
                    }
                )
            }
        } catch {
            throw EventStoreError(error, operation: "offsets")
        }
    }

    package func commit(_ batch: StoreBatch) throws(EventStoreError) -> CommitOutcome {
        try transaction("commit") { database, now in
            var transaction = try BatchTransaction(database, now: now)
            guard try transaction.write(batch) else { return nil }
            return .committed(inserted: transaction.inserted, duplicates: transaction.duplicates)
        } ?? .fenced
    }

    package func settleAttribution(rows: Int) throws(EventStoreError) -> AttributionProgress {
        try transaction("attribute") { database, _ in
            try PendingAttribution(database).settle(rows: rows)
        } ?? AttributionProgress(examined: 0, changed: 0, isUnfinished: false)
    }

    /// One writer writes everything; it notes whom it hears.
    package func rebalance(hearing heard: [HeardProducer]) async throws(EventStoreError) -> Ownership {
        try ownership(hearing: heard)
    }

    private func ownership(hearing heard: [HeardProducer]) throws(EventStoreError) -> Ownership {
        let names = Set(heard.map(\.producer))
        let isDue = noted.names != names || noted.at.map { .now - $0 >= ProducerRecord.interval } ?? true
        guard isDue, !heard.isEmpty else {
            let now = configuration.clock.now()
            do {
                return try connection("rebalance").writeWithoutTransaction { database in
                    try ProducerRegistry(database, now: now).ownership(hearing: heard, isDue: false)
                }
            } catch {
                throw EventStoreError(error, operation: "rebalance")
            }
        }
        let ownership = try transaction("rebalance") { database, now in
            try ProducerRegistry(database, now: now).ownership(hearing: heard, isDue: true)
        }
        noted = (names, .now)
        return ownership ?? Ownership(partitions: [])
    }

    package func close() {
        try? queue?.close()
        queue = nil
        lock = nil
    }

    /// One transaction that writes. Rolled back when `body` throws, and when it returns nil.
    private func transaction<Result>(
        _ operation: String,
        _ body: (Database, Timestamp) throws -> Result?
    ) throws(EventStoreError) -> Result? {
        do {
            let now = configuration.clock.now()
            return try connection(operation).writeWithoutTransaction { database in
                try database.beginTransaction(.immediate)
                do {
                    guard let result = try body(database, now) else {
                        try database.rollback()
                        return nil
                    }
                    try Self.commit(database)
                    return result
                } catch {
                    try? database.rollback()
                    throw error
                }
            }
        } catch {
            throw EventStoreError(error, operation: operation)
        }
    }

    /// COMMIT. An error of the disk here leaves open whether the transaction is in the file.
    private static func commit(_ database: Database) throws {
        do {
            try database.commit()
        } catch let error as DatabaseError where error.resultCode == .SQLITE_IOERR {
            throw EventStoreError(
                .commitOutcomeUnknown,
                operation: "commit",
                message: error.message ?? "disk I/O error"
            )
        }
    }

    private func connection(_ operation: String) throws -> DatabaseQueue {
        guard let queue else {
            throw EventStoreError(.unavailable, operation: operation, message: "the database is not open")
        }
        return queue
    }

    private func makeDirectory() throws(EventStoreError) {
        guard let slash = configuration.path.lastIndex(of: "/"), slash != configuration.path.startIndex else { return }
        let directory = String(configuration.path[..<slash])
        do {
            try FileManager.default.createDirectory(
                atPath: directory,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw EventStoreError(
                .unavailable,
                operation: "open",
                message: "the directory '\(directory)' cannot be made; make it, or name another place"
            )
        }
    }

    private var connectionConfiguration: GRDB.Configuration {
        var configuration = GRDB.Configuration()
        let cacheKiB = self.configuration.cacheBytes >> 10
        configuration.label = "SQLiteStore"
        configuration.foreignKeysEnabled = false
        // Waiting is the caller's decision: a busy file is an error that may be tried again.
        configuration.busyMode = .immediateError
        configuration.prepareDatabase { database in
            try database.execute(
                sql: """
                    PRAGMA journal_mode = WAL;
                    PRAGMA synchronous = NORMAL;
                    PRAGMA wal_autocheckpoint = 16384;
                    PRAGMA journal_size_limit = 134217728;
                    PRAGMA cache_size = -\(cacheKiB);
                    """
            )
        }
        return configuration
    }
}
