import Protocol

/// Collects a page of events and finds what is missing between them.
///
/// Every event names its predecessor in its partition, so a predecessor that lies behind the cursor is a hole: pruned,
/// damaged or lost with its segment. Nothing else needs to be known about what was lost.
struct PageBuilder {
    private(set) var page = JournalPage(complete: true)
    private var cursors: [Int: Offset]
    private var bytes = 0
    private let maximumBytes: Int
    /// Partitions that have an event in the page: a hole behind it must wait for the next page.
    private var begun: Set<Int> = []

    init(after: [Int: Offset], maximumBytes: Int) {
        self.cursors = after
        self.maximumBytes = maximumBytes
    }

    /// How far a partition was read; nil when it was not asked for.
    func cursor(of partition: Int) -> Offset? { cursors[partition] }

    /// The partitions that still have something up to `heads`.
    func behind(_ heads: [Offset]) -> [Int] {
        cursors.compactMap { partition, cursor in
            heads.indices.contains(partition) && heads[partition] > cursor ? partition : nil
        }
    }

    /// Takes one record in offset order.
    /// - Returns: false when the page is full.
    mutating func take(_ record: BatchRecord) -> Bool {
        guard let cursor = cursors[record.partition], record.offset > cursor else { return true }
        if record.previous > cursor {
            guard truncate(record.partition, after: cursor, through: record.previous) else { return false }
        }
        guard page.events.isEmpty || bytes + record.frame.count <= maximumBytes else {
            page.complete = false
            return false
        }
        bytes += record.frame.count
        cursors[record.partition] = record.offset
        begun.insert(record.partition)
        page.events.append(record.event)
        return true
    }

    /// Everything up to `heads` was looked at: what is still behind cannot be read any more.
    mutating func finish(at heads: [Offset]) {
        for partition in behind(heads).sorted() {
            if let cursor = cursors[partition] {
                _ = truncate(partition, after: cursor, through: heads[partition])
            }
        }
    }

    private mutating func truncate(_ partition: Int, after: Offset, through: Offset) -> Bool {
        guard !begun.contains(partition) else {
            page.complete = false
            return false
        }
        page.truncated.append(JournalTruncation(partition: partition, after: after, through: through))
        cursors[partition] = through
        return true
    }
}
