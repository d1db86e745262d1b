import Logging
import Protocol

/// What a journal's directory holds when it is opened.
struct JournalRecovery {
    private(set) var catalog = SegmentCatalog()
    /// The last offset of each partition; where damage hid it, the end of the last epoch.
    private(set) var heads: [Offset]
    /// Whether the newest segment can be written to further.
    private(set) var isNewestUsable = false
    private(set) var damaged = 0
    /// When the last event was accepted; the newest segment's begin where it has none.
    private(set) var lastAccepted: Timestamp?

    private var producers: Set<String> = []
    private let directory: String
    private let logger: Logger

    /// Reads every segment's header and the newest segment's rows.
    ///
    /// `producer` is who the slot says writes it, `lastEpoch` the epoch that the last start saved. With `readOnly` nothing
    /// is removed.
    init(
        _ directory: String,
        partitions: Int,
        producer: String,
        lastEpoch: UInt32?,
        readOnly: Bool,
        logger: Logger
    ) throws(JournalError) {
        self.directory = directory
        self.logger = logger
        heads = Array(repeating: .zero, count: partitions)
        let names = try DurableFile.names(in: directory)
        if !readOnly { Self.removeOrphans(names, in: directory) }
        let numbers = names.compactMap(SegmentFile.number).sorted()
        for number in numbers {
            try readHeader(number, isNewest: number == numbers.last, readOnly: readOnly)
        }
        try checkWriter(is: producer)
        defer { raiseToNotedHeads() }
        guard let newest = catalog.segments.last else { return }
        let lost = Epoch.end(of: lastEpoch ?? catalog.segments.compactMap(\.header).last?.heads.max()?.epoch ?? 0)
        guard let header = newest.header else {
            heads = heads.map { _ in lost }
            return
        }
        guard header.heads.count == partitions else {
            throw JournalError(
                .partitionCount,
                "\(directory) was written with \(header.heads.count) partitions, this version has \(partitions):"
                    + " let the old version deliver everything, then move the directory away"
            )
        }
        heads = header.heads
        lastAccepted = header.createdAt
        try readRows(newest.number, lost: lost)
    }

    /// Under another name a follower would take everything for new, and store it a second time.
    private func checkWriter(is producer: String) throws(JournalError) {
        guard let other = producers.sorted().first, !producers.contains(producer) else { return }
        throw JournalError(
            .damaged,
            "\(directory)/identity.json names \(producer), but the journal beside it was written by \(other): put"
                + " {\"producer\":\"\(other)\"} into it, or move the slot's directory away to begin a new one"
        )
    }

    /// Where the journal was known to go further than what can be read of it, its end is lost.
    private mutating func raiseToNotedHeads() {
        guard let noted = HeadsFile.read(in: directory)?.heads, noted.count == heads.count else { return }
        let missing = heads.indices.filter { noted[$0] > heads[$0] }
        guard !missing.isEmpty else { return }
        for partition in missing { heads[partition] = noted[partition] }
        isNewestUsable = false
        damaged += 1
        logger.critical(
            "The end of the journal is damaged or missing; its events are reported to followers as lost",
            metadata: ["journal.directory": "\(directory)", "journal.partitions": "\(missing)"]
        )
    }

    private mutating func readHeader(_ number: Int, isNewest: Bool, readOnly: Bool) throws(JournalError) {
        do throws(JournalError) {
            let reader = try SegmentReader(number, in: directory)
            defer { reader.close() }
            switch try reader.content() {
            case .begun(let header, let producer):
                catalog.append(SegmentCatalog.Segment(number: number, header: header))
                producers.insert(producer)
            case .empty:
                if !readOnly { SegmentFile.remove(number, in: directory) }
            }
        } catch {
            guard error.code == .damaged else { throw error }
            report("A journal segment is damaged; its events are reported to followers as lost", number, error)
            catalog.append(SegmentCatalog.Segment(number: number, header: nil))
        }
    }

    /// Finds the heads. What a damaged row hides makes the head of its partitions uncertain until a later row names it.
    private mutating func readRows(_ number: Int, lost: Offset) throws(JournalError) {
        var heads = self.heads
        var damagedRows = 0
        var lastAccepted = self.lastAccepted
        let visit = { (row: BatchRow) in
            if let records = row.intactRecords {
                lastAccepted = max(lastAccepted ?? row.acceptedAt, row.acceptedAt)
                for record in records where heads.indices.contains(record.partition) {
                    heads[record.partition] = record.offset
                }
            } else {
                damagedRows += 1
                for partition in heads.indices
                where !row.hasTrustworthyMask || row.partitions & (1 << UInt64(partition)) != 0 {
                    heads[partition] = lost
                }
            }
            return true
        }
        do throws(JournalError) {
            let reader = try SegmentReader(number, in: directory)
            defer { reader.close() }
            _ = try reader.scan(
                after: .zero,
                through: Offset(rawValue: UInt64(Int64.max)),
                partitions: .max,
                visit: visit
            )
            isNewestUsable = damagedRows == 0
        } catch {
            guard error.code == .damaged else { throw error }
            report("A journal segment is damaged; its events are reported to followers as lost", number, error)
            heads = heads.map { _ in lost }
        }
        if damagedRows > 0 {
            report("A journal segment has damaged rows; they are reported to followers as lost", number, nil)
        }
        self.heads = heads
        self.lastAccepted = lastAccepted
    }

    private mutating func report(_ message: Logger.Message, _ number: Int, _ error: JournalError?) {
        damaged += 1
        logger.critical(
            message,
            metadata: [
                "journal.segment": "\(SegmentFile.path(number, in: directory))",
                "error": "\(error?.reason ?? "checksum mismatch")",
            ]
        )
    }

    /// A prune that was interrupted leaves logs whose segment is gone.
    private static func removeOrphans(_ names: [String], in directory: String) {
        for name in names {
            for suffix in ["-wal", "-shm"] where name.hasSuffix(".journal" + suffix) {
                let owner = String(name.dropLast(suffix.count))
                if !names.contains(owner) { DurableFile.remove(directory + "/" + name) }
            }
        }
    }
}
