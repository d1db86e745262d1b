import FoundationEssentials
import GRDB
import PrivateFiles
import Protocol

/// What a segment says of itself: written once, before its first event.
struct SegmentHeader: Hashable, Sendable {
    static let format = 1

    var createdAt: Timestamp
    /// The last offset of each partition before this segment.
    var heads: [Offset]

    /// The heads as bytes, followed by their CRC-32.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for head in heads { bytes.appendLittleEndian(head.rawValue) }
        bytes.appendLittleEndian(createdAt.rawValue)
        bytes.appendLittleEndian(CRC32.checksum(bytes))
        return bytes
    }

    init(createdAt: Timestamp, heads: [Offset]) {
        self.createdAt = createdAt
        self.heads = heads
    }

    /// Nil when the bytes are damaged.
    init?(_ bytes: [UInt8]) {
        let body = bytes.count - 4
        guard body >= 8, body % 8 == 0, bytes.littleEndian(UInt32.self, at: body) == CRC32.checksum(bytes[..<body]),
            let createdAt = bytes.littleEndian(Int64.self, at: body - 8)
        else { return nil }
        self.createdAt = Timestamp(rawValue: createdAt)
        heads = stride(from: 0, to: body - 8, by: 8).compactMap { index in
            bytes.littleEndian(UInt64.self, at: index).map(Offset.init(rawValue:))
        }
    }
}

/// The names of a segment's files.
enum SegmentFile {
    static func path(_ number: Int, in directory: String) -> String {
        let digits = String(number)
        return directory + "/" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits + ".journal"
    }

    /// `000017.journal` is 17; anything else is nil.
    static func number(_ name: String) -> Int? {
        guard name.hasSuffix(".journal") else { return nil }
        return Int(name.dropLast(".journal".count))
    }

    /// The database itself first: without it the others mean nothing, while without them it would miss commits.
    static func all(_ number: Int, in directory: String) -> [String] {
        ["", "-wal", "-shm"].map { path(number, in: directory) + $0 }
    }

    static func size(_ number: Int, in directory: String) -> Int {
        all(number, in: directory).reduce(0) { $0 + DurableFile.size($1) }
    }

    /// A segment's file with its log, without the index that SQLite makes anew.
    static func size(_ path: String) -> Int { DurableFile.size(path) + DurableFile.size(path + "-wal") }

    /// What a segment has at most before its first batch: a page, and its three tables in the log.
    static let beginning = 8192 + 32 + 3 * (8192 + 24)

    @discardableResult
    static func remove(_ number: Int, in directory: String) -> Bool {
        all(number, in: directory).reduce(true) { DurableFile.remove($1) && $0 }
    }
}

extension JournalError {
    /// What an error of SQLite means for a segment.
    init(_ error: any Error, _ what: String, _ path: String) {
        if let error = error as? JournalError {
            self = error
            return
        }
        let code: Code
        switch (error as? DatabaseError)?.resultCode {
        case .SQLITE_FULL: code = .full
        // No such table, or a schema that is no SQL: what stands in the file is not what was written.
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR, .SQLITE_SCHEMA, .SQLITE_FORMAT, .SQLITE_TOOBIG,
            .SQLITE_MISMATCH:
            code = .damaged
        default:
            // Bytes that the disk does not give back will not come back by asking again.
            switch (error as? DatabaseError)?.extendedResultCode {
            case .SQLITE_IOERR_READ, .SQLITE_IOERR_SHORT_READ, .SQLITE_IOERR_CORRUPTFS: code = .damaged
            // Without room for its index SQLite says no more than that.
            default: code = DurableFile.isFull(PrivateFolder.path(of: path)) ? .full : .inputOutput
            }
        }
        let text = (error as? DatabaseError)?.message ?? "\(error)"
        self.init(code, "\(what) \(path): \(text)")
    }
}
