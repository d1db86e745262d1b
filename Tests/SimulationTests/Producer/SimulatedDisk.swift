import Protocol

@testable import EventBus

/// What a producer's directory holds. A value, so that a copy is a backup, or what was synced.
struct SimulatedDisk {
    var epoch: UInt32?
    var catalog = SegmentCatalog()
    /// The rows of each segment.
    var rows: [Int: [BatchRecord]] = [:]
    var newest = 0
    /// The file `heads`: survives the process, and a power failure only with luck.
    var noted = [Offset](repeating: .zero, count: Partition.count)
    var acknowledged = Acknowledgements()

    /// The last offset of each partition, as a journal finds it when it is opened.
    var heads: [Offset] {
        var heads = catalog.segments.last?.header?.heads ?? Array(repeating: .zero, count: Partition.count)
        for record in catalog.segments.last.flatMap({ rows[$0.number] }) ?? [] {
            heads[record.partition] = record.offset
        }
        return heads
    }

    mutating func roll(heads: [Offset], at now: Timestamp) {
        newest += 1
        catalog.append(.init(number: newest, header: SegmentHeader(createdAt: now, heads: heads)))
        rows[newest] = []
    }

    mutating func remove(_ numbers: [Int]) {
        catalog.remove(numbers)
        for number in numbers { rows[number] = nil }
    }

    /// A page behind `after`, as `Journal.read` makes it.
    func read(after: [Int: Offset], heads: [Offset], maximumBytes: Int) -> JournalPage {
        var builder = PageBuilder(after: after, maximumBytes: maximumBytes)
        for extent in catalog.extents(heads: heads) {
            for record in rows[extent.number] ?? [] where record.offset <= extent.limit {
                guard builder.take(record) else { return builder.page }
            }
        }
        builder.finish(at: heads)
        return builder.page
    }
}
