package import EventStore
import FoundationEssentials
import GRDB
import PrivateFiles
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
        /// How many bytes its disk must have free when it is opened.
        package var leastFree: Int

        package init(
            path: String,
            cacheBytes: Int = 8 << 20,
            clock: WallClock = .system,
            leastFree: Int = 64 << 20
        ) {
            self.path = path
            self.cacheBytes = cacheBytes
            self.clock = clock
            self.leastFree = leastFree
        }
    }

    private let configuration: Configuration
    private let executor = SerialQueueExecutor(label: "sqlite-store")
    private var queue: DatabaseQueue?
    private var lock: WriterLock?
    /// Who was noted as heard, and when.
    private var noted: (names: Set<String>, at: ContinuousClock.Instant?) = ([], nil)
    private var lockFile: FileIdentity?
    private var hasClaimed = false
    /// What `queue` was opened on.
    private var files: OpenFiles?
    /// The archive's id, once it was open.
    private var identity: String?
    private var hasReopened = false

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
        lockFile = FileIdentity(following: configuration.path + ".writer.lock")
        hasClaimed = true
        return true
    }

    // Asynchronous, or the protocol's default would be chosen before it.
    package func holdsArchive() async throws(EventStoreError) -> Bool {
        try lookForArchive()
    }

    private func lookForArchive() throws(EventStoreError) -> Bool {
        var isDirectory = false
        guard FileManager.default.fileExists(atPath: configuration.path, isDirectory: &isDirectory) else {
            return false
        }
        guard !isDirectory else {
            throw EventStoreError(
                .cannotOpen,
                operation: "open",
                message: "\(configuration.path) is a directory; name a file in it"
            )
        }
        var looking = GRDB.Configuration()
        looking.label = "SQLiteStore"
        looking.readonly = true
        looking.busyMode = .timeout(2)
        do {
            let queue = try DatabaseQueue(path: configuration.path, configuration: looking)
            defer { try? queue.close() }
            return try queue.unsafeRead { try Self.identity($0) } != nil
        } catch {
            throw EventStoreError(error, operation: "open")
        }
    }

    package func open() throws(EventStoreError) -> String {
        try makeDirectory()
        try ArchiveFile.make(configuration.path)
        try ArchiveFile.checkSpace(configuration.path, atLeast: configuration.leastFree)
        return try open(expecting: nil)
    }

    /// `expected`: the id of the archive that was open before. Another one is left as it is.
    private func open(expecting expected: String?) throws(EventStoreError) -> String {
        do {
            let queue = try DatabaseQueue(path: configuration.path, configuration: connectionConfiguration)
            let clock = configuration.clock
            let identity = try queue.writeWithoutTransaction { database in
                if let expected, try Self.identity(database) != expected {
                    throw EventStoreError(
                        .incompatible,
                        operation: "open",
                        message:
                            "\(configuration.path) is another archive than before, or none; restore the right one, or "
                            + "start the writer again when that is intended"
                    )
                }
                try Migrator().run(database, now: clock.now())
                return try Self.identity(database)
            }
            guard let identity else {
                throw EventStoreError(.corrupt, operation: "open", message: "database_identity has no row")
            }
            self.queue = queue
            self.identity = identity
            files = OpenFiles(path: configuration.path)
            return identity
        } catch {
            throw EventStoreError(error, operation: "open")
        }
    }

    private static func identity(_ database: Database) throws -> String? {
        guard try database.tableExists("database_identity") else { return nil }
        return try String.fetchOne(database, sql: "SELECT id FROM database_identity")
    }

    // Asynchronous, or the protocol's default would be chosen before it.
    package func verify() async throws(EventStoreError) -> Bool {
        do {
            _ = try connection("verify")
        } catch {
            throw EventStoreError(error, operation: "verify")
        }
        try keepPlace()
        defer { hasReopened = false }
        return hasReopened
    }

    /// Whoever removes the lock file lets another writer take the place under its name.
    private func keepPlace() throws(EventStoreError) {
        guard hasClaimed, lock == nil || lockFile != FileIdentity(following: configuration.path + ".writer.lock") else {
            return
        }
        lock = nil
        guard try claim() else {
            throw EventStoreError(
                .locked,
                operation: "lock",
                message: "the lock file was removed, and another writer has the database; standing by"
            )
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
            throw failure(error, "offsets")
        }
    }

    package func commit(_ batch: StoreBatch) throws(EventStoreError) -> CommitOutcome {
        try transaction("commit") { database, now in
            var transaction = try BatchTransaction(database, now: now)
            guard try transaction.write(batch) else { return nil }
            return .committed(inserted: transaction.inserted, duplicates: transaction.duplicates)
        } ?? .fenced
    }

    package func rehearse(_ events: [Envelope]) throws(EventStoreError) {
        _ = try transaction("rehearse") { database, now -> Void? in
            var transaction = try BatchTransaction(database, now: now)
            _ = try transaction.write(StoreBatch(events: events))
            return nil
        }
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
        files = nil
        identity = nil
        lock = nil
        hasClaimed = false
    }

    /// One transaction that writes. Rolled back when `body` throws, and when it returns nil.
    func transaction<Result>(
        _ operation: String,
        _ body: (Database, Timestamp) throws -> Result?
    ) throws(EventStoreError) -> Result? {
        do {
            let now = configuration.clock.now()
            let result = try connection(operation).writeWithoutTransaction { database -> Result? in
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
            guard result == nil || isCommitted() else {
                throw EventStoreError(
                    .commitOutcomeUnknown,
                    operation: operation,
                    message: "\(configuration.path) was removed or replaced while it was written"
                )
            }
            return result
        } catch {
            throw failure(error, operation)
        }
    }

    /// What an error means. A connection that saw a table or trigger which somebody then mended would go on seeing the broken
    /// one, where it cannot even be compiled: it is opened anew.
    private func failure(_ error: any Error, _ operation: String) -> EventStoreError {
        let failure = EventStoreError(error, operation: operation)
        if failure.code == .schema {
            try? queue?.close()
            queue = nil
        }
        return failure
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

    /// The open file, as long as its name leads to it; opened anew where the same archive has come back under the name.
    private func connection(_ operation: String) throws -> DatabaseQueue {
        guard let identity else {
            throw EventStoreError(.closed, operation: operation, message: "the database is not open")
        }
        let condition = files?.look() ?? .gone
        if let queue, condition == .same { return queue }
        // Closing brings into the file what its log has, where both are still what they were.
        try? queue?.close()
        queue = nil
        guard FileIdentity(following: configuration.path) != nil else {
            throw EventStoreError(
                .cannotOpen,
                operation: operation,
                message:
                    "\(configuration.path) was removed or moved away; waiting for it to come back. It is not made anew: for "
                    + "that, start the writer again with WRITER_NEW_ARCHIVE=true"
            )
        }
        if condition == .replaced(isLogStale: true) { ArchiveFile.removeStaleLog(configuration.path) }
        _ = try open(expecting: identity)
        guard let queue else {
            throw EventStoreError(.unavailable, operation: operation, message: "the database is not open")
        }
        hasReopened = true
        return queue
    }

    /// Whether what was just committed is in the file that the name leads to.
    private func isCommitted() -> Bool { files?.look() == .same }

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
                .cannotOpen,
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
