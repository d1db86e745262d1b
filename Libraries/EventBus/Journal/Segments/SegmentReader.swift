import FoundationEssentials
import GRDB
import Protocol

/// A segment opened for reading, on a connection of its own: the log lets it read while batches are committed.
struct SegmentReader: Sendable {
    let number: Int
    private let path: String
    private let database: DatabaseQueue

    init(_ number: Int, in directory: String) throws(JournalError) {
        self.number = number
        path = SegmentFile.path(number, in: directory)
        var configuration = Configuration()
        configuration.readonly = true
        configuration.label = "journal.reader"
        configuration.busyMode = .timeout(5)
        do {
            database = try DatabaseQueue(path: path, configuration: configuration)
        } catch {
            throw JournalError(error, "cannot open segment", path)
        }
    }

    /// What a segment's file turned out to be.
    enum Content {
        case begun(SegmentHeader, producer: String)
        /// Nothing was ever committed to it: the process died while it made the file.
        case empty
    }

    func content() throws(JournalError) -> Content {
        try attempt { database in
            guard try database.tableExists("segment") else {
                guard SegmentFile.size(path) <= SegmentFile.beginning else {
                    throw JournalError(.damaged, "\(path) has lost its tables")
                }
                return .empty
            }
            let row = try Row.fetchOne(database, sql: "SELECT format, producer, header FROM segment")
            guard let row, let format = Int.fromDatabaseValue(row["format"]),
                let bytes = Data.fromDatabaseValue(row["header"]), let header = SegmentHeader([UInt8](bytes))
            else { throw JournalError(.damaged, "the header of \(path) is damaged") }
            guard format == SegmentHeader.format else {
                throw JournalError(
                    .damaged,
                    "\(path) has format \(format), this version reads \(SegmentHeader.format): use the version that wrote it"
                )
            }
            return .begun(header, producer: String.fromDatabaseValue(row["producer"]) ?? "")
        }
    }

    /// Visits the rows with `after < last ≤ through` that have events in `partitions`, until `visit` returns false.
    /// - Returns: whether all were visited.
    func scan(
        after: Offset,
        through: Offset,
        partitions: UInt64,
        visit: (BatchRow) -> Bool
    ) throws(JournalError) -> Bool {
        try attempt { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT first, last, partitions, events, accepted_at, crc, records FROM batches
                    WHERE last > ? AND last <= ? AND (partitions & ?) != 0 ORDER BY last
                    """
            )
            let rows = try Row.fetchCursor(
                statement,
                arguments: [
                    Int64(bitPattern: after.rawValue), Int64(bitPattern: through.rawValue),
                    Int64(bitPattern: partitions),
                ]
            )
            while let row = try rows.next() {
                guard visit(Self.batch(row)) else { return false }
            }
            return true
        }
    }

    func close() {
        try? database.close()
    }

    /// A column of another type than was written is damage, which the checksum then finds.
    private static func batch(_ row: Row) -> BatchRow {
        func number(_ index: Int) -> Int64 { Int64.fromDatabaseValue(row[index]) ?? 0 }
        return BatchRow(
            first: Offset(rawValue: UInt64(bitPattern: number(0))),
            last: Offset(rawValue: UInt64(bitPattern: number(1))),
            partitions: UInt64(bitPattern: number(2)),
            count: Int(number(3)),
            acceptedAt: Timestamp(rawValue: number(4)),
            crc: UInt32(truncatingIfNeeded: number(5)),
            records: (try? row.withUnsafeData(atIndex: 6) { $0.map { [UInt8]($0) } }) ?? []
        )
    }

    private func attempt<Value>(_ body: (Database) throws -> Value) throws(JournalError) -> Value {
        do {
            return try database.unsafeRead(body)
        } catch {
            throw JournalError(error, "cannot read segment", path)
        }
    }
}
