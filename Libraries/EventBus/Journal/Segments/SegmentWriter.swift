import FoundationEssentials
import GRDB
import PrivateFiles
import Protocol

/// The segment that takes new batches.
struct SegmentWriter: Sendable {
    let number: Int
    /// About how much was written to it.
    private(set) var bytes: Int
    private let path: String
    private let database: DatabaseQueue
    /// The file and its log as they were opened: what is written to them under another name, or none, nobody finds again.
    private let files: [(path: String, identity: FileIdentity)]

    /// Begins a segment; leaves nothing behind where that fails.
    static func create(
        _ number: Int,
        in directory: String,
        header: SegmentHeader,
        producer: String,
        sync: JournalConfiguration.Sync
    ) throws(JournalError) -> SegmentWriter {
        do throws(JournalError) {
            let segment = try SegmentWriter(number, in: directory, sync: sync)
            try segment.attempt("cannot begin segment") { database in
                try database.inTransaction(.immediate) {
                    try database.execute(sql: schema)
                    try database.execute(
                        sql: "INSERT INTO segment (format, producer, partitions, header) VALUES (?, ?, ?, ?)",
                        arguments: [SegmentHeader.format, producer, header.heads.count, Data(header.bytes)]
                    )
                    return .commit
                }
            }
            if sync == .full { try DurableFile.syncDirectory(directory) }
            return segment
        } catch {
            SegmentFile.remove(number, in: directory)
            throw error
        }
    }

    /// Opens a segment to go on writing to it.
    init(_ number: Int, in directory: String, sync: JournalConfiguration.Sync) throws(JournalError) {
        self.number = number
        path = SegmentFile.path(number, in: directory)
        bytes = SegmentFile.size(number, in: directory)
        var configuration = Configuration()
        configuration.label = "journal.writer"
        configuration.prepareDatabase { database in
            // The checkpoint waits until the segment is sealed: during a commit it would cost two more syncs.
            try database.execute(
                sql: """
                    PRAGMA page_size = 8192;
                    PRAGMA journal_mode = WAL;
                    PRAGMA synchronous = \(sync == .full ? "FULL" : "NORMAL");
                    PRAGMA wal_autocheckpoint = 0;
                    """
            )
        }
        do {
            database = try DatabaseQueue(path: path, configuration: configuration)
            // SQLite makes the log when it is first asked for something.
            try database.read { _ = try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema") }
        } catch {
            throw JournalError(error, "cannot open segment", path)
        }
        files = [path, path + "-wal"].compactMap { file in FileIdentity(path: file).map { (file, $0) } }
    }

    /// Whether what was written can be opened by its name again.
    var isInPlace: Bool { !files.isEmpty && files.allSatisfy { $0.identity.isStill(at: $0.path) } }

    /// Writes everything again under its name, from what is still open, after somebody removed or replaced the file.
    /// - Returns: The segment, open under its name.
    func restored(in directory: String, sync: JournalConfiguration.Sync) throws(JournalError) -> SegmentWriter {
        let copy = path + ".restored"
        DurableFile.remove(copy)
        do {
            try database.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [copy]) }
            try? database.close()
        } catch {
            DurableFile.remove(copy)
            throw JournalError(error, "cannot restore segment", path)
        }
        for log in ["-wal", "-shm"] { DurableFile.remove(path + log) }
        try DurableFile.move(copy, to: path, durably: sync == .full)
        return try SegmentWriter(number, in: directory, sync: sync)
    }

    /// Commits one batch: the row is the transaction.
    mutating func append(_ row: BatchRow) throws(JournalError) {
        try attempt("cannot write to segment") { database in
            let statement = try database.cachedStatement(
                sql: """
                    INSERT INTO batches (last, first, partitions, events, accepted_at, crc, records)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """
            )
            try statement.execute(arguments: [
                Int64(bitPattern: row.last.rawValue), Int64(bitPattern: row.first.rawValue),
                Int64(bitPattern: row.partitions), row.count, row.acceptedAt.rawValue, Int64(row.crc),
                Data(row.records),
            ])
        }
        bytes += row.records.count + 64
    }

    /// Copies the log into the file and closes it. A failure leaves the log beside the file, which reads as well.
    func seal() {
        try? database.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
        try? database.close()
    }

    private func attempt(_ what: String, _ body: (Database) throws -> Void) throws(JournalError) {
        do {
            try database.writeWithoutTransaction(body)
        } catch {
            throw JournalError(error, what, path)
        }
    }

    /// The small columns stand before the blob, so that skipping a row does not read its overflow pages.
    private static let schema = """
        CREATE TABLE segment (
            format INTEGER NOT NULL,
            producer TEXT NOT NULL,
            partitions INTEGER NOT NULL,
            header BLOB NOT NULL
        );
        CREATE TABLE batches (
            last INTEGER PRIMARY KEY,
            first INTEGER NOT NULL,
            partitions INTEGER NOT NULL,
            events INTEGER NOT NULL,
            accepted_at INTEGER NOT NULL,
            crc INTEGER NOT NULL,
            records BLOB NOT NULL
        );
        """
}
