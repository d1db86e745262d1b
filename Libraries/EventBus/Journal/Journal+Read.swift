import Logging
package import Protocol
import Synchronization

extension Journal {
    /// Segments that are open for reading, the one used last behind.
    struct Readers {
        let directory: String
        private var open: [SegmentReader] = []
        /// Damage that was already told of.
        var reported: Set<String> = []
        /// Rows that filled a page, the newest behind: their followers' next pages go on in them. Reading and checking one
        /// again for each page would cost a follower that catches up more than everything else.
        private var unfinished: [CheckedRow] = []

        /// A follower that catches up reads one segment, another may read another.
        private static let limit = 2
        /// As many followers catch up at the same time without reading a row more than once. A row has 4 MiB at most.
        private static let unfinishedLimit = 4

        init(directory: String) {
            self.directory = directory
        }

        mutating func reader(_ number: Int) throws(JournalError) -> SegmentReader {
            if let index = open.firstIndex(where: { $0.number == number }) {
                let reader = open.remove(at: index)
                open.append(reader)
                return reader
            }
            if open.count >= Self.limit { open.removeFirst().close() }
            let reader = try SegmentReader(number, in: directory)
            open.append(reader)
            return reader
        }

        /// Takes the row with which a page behind `offset` begins, if it is one that filled the page before.
        mutating func takeUnfinished(_ extent: SegmentCatalog.Extent, after offset: Offset, _ wanted: UInt64)
            -> CheckedRow?
        {
            let index = unfinished.lastIndex { row in
                row.segment == extent.number && row.last <= extent.limit
                    && row.isFirst(after: offset, partitions: wanted)
            }
            return index.map { unfinished.remove(at: $0) }
        }

        mutating func keep(_ row: CheckedRow) {
            if unfinished.count >= Self.unfinishedLimit { unfinished.removeFirst() }
            unfinished.append(row)
        }

        mutating func close(_ numbers: some Collection<Int>) {
            unfinished.removeAll { numbers.contains($0.segment) }
            for reader in open where numbers.contains(reader.number) { reader.close() }
            open.removeAll { numbers.contains($0.number) }
        }

        mutating func closeAll() {
            unfinished = []
            close(open.map(\.number))
        }
    }

    /// A row that was read and found intact, and where it lies.
    struct CheckedRow {
        var segment: Int
        /// Of `partitions` nothing lies between this offset and the row.
        var after: Offset
        var last: Offset
        var partitions: UInt64
        var records: [BatchRecord]

        /// Whether a scan behind `offset` for these partitions would meet this row first.
        func isFirst(after offset: Offset, partitions wanted: UInt64) -> Bool {
            after <= offset && offset < last && wanted & ~partitions == 0
        }
    }

    /// The events behind `after`, only of the partitions named there, until their frames fill `maximumBytes`; at least
    /// one event where there is any.
    ///
    /// Damage is reported as truncation of the partitions that lost something, never as an error; an error means that
    /// the disk could not be read now and the same call may succeed later.
    package func read(after: [Int: Offset], maximumBytes: Int) throws(JournalError) -> JournalPage {
        try readers.withLock { readers throws(JournalError) in
            while true {
                let (catalog, heads, isClosed) = state.withLock { ($0.catalog, $0.heads, $0.isClosed) }
                guard !isClosed else { throw JournalError(.closed, "the journal in \(slot.directory) is closed") }
                var builder = PageBuilder(
                    after: after.filter { heads.indices.contains($0.key) },
                    maximumBytes: maximumBytes
                )
                var wasPruned = false
                var isFull = false
                for extent in catalog.extents(heads: heads) where !isFull && !wasPruned {
                    do throws(JournalError) {
                        isFull = try !scan(extent, into: &builder, &readers)
                    } catch {
                        // Pruned meanwhile: the truncation follows from a fresh look at what is left.
                        wasPruned = !state.withLock { $0.catalog.contains(extent.number) }
                        if !wasPruned { try isolate(extent.number, error, &readers) }
                    }
                }
                if wasPruned { continue }
                if !isFull { builder.finish(at: heads) }
                return builder.page
            }
        }
    }

    /// Reads one segment as far as it concerns the page.
    /// - Returns: false when the page is full.
    private func scan(
        _ extent: SegmentCatalog.Extent,
        into builder: inout PageBuilder,
        _ readers: inout Readers
    ) throws(JournalError) -> Bool {
        let wanted = builder.behind(extent.end)
        guard var from = wanted.compactMap({ builder.cursor(of: $0) }).min() else { return true }
        let mask = wanted.reduce(UInt64(0)) { $0 | 1 << UInt64($1) }
        if let row = readers.takeUnfinished(extent, after: from, mask) {
            guard row.records.allSatisfy({ builder.take($0) }) else {
                readers.keep(row)
                return false
            }
            from = row.last
        }
        let reader = try readers.reader(extent.number)
        var damagedRows: [Offset] = []
        let finished = try reader.scan(after: from, through: extent.limit, partitions: mask) { row in
            defer { from = row.last }
            guard let records = row.intactRecords else {
                damagedRows.append(row.last)
                return true
            }
            guard !records.allSatisfy({ builder.take($0) }) else { return true }
            readers.keep(
                CheckedRow(segment: extent.number, after: from, last: row.last, partitions: mask, records: records)
            )
            return false
        }
        for row in damagedRows where isNews("\(extent.number)/\(row)", &readers) {
            report("A journal row is damaged; its events are reported to followers as lost", extent.number, nil)
        }
        return finished
    }

    /// Goes on behind a segment that is damaged; throws what may be better later.
    private func isolate(_ number: Int, _ error: JournalError, _ readers: inout Readers) throws(JournalError) {
        let isGone = !DurableFile.exists(SegmentFile.path(number, in: slot.directory))
        guard error.code == .damaged || isGone else { throw error }
        readers.close([number])
        state.withLock { state in
            if state.catalog.segments.last?.number == number { state.mustRoll = true }
        }
        if isNews("\(number)", &readers) {
            report("A journal segment is damaged; its events are reported to followers as lost", number, error)
        }
    }

    private func isNews(_ damage: String, _ readers: inout Readers) -> Bool {
        readers.reported.count < 1000 && readers.reported.insert(damage).inserted
    }

    private func report(_ message: Logger.Message, _ number: Int, _ error: JournalError?) {
        state.withLock { $0.counters.damaged += 1 }
        logger.critical(
            message,
            metadata: [
                "journal.segment": "\(SegmentFile.path(number, in: slot.directory))",
                "error": "\(error?.reason ?? "checksum mismatch")",
            ]
        )
    }
}
