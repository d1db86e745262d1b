import Protocol
import Testing

@testable import EventBus

struct OffsetRuleTests {
    @Test(
        arguments: [
            // saved, epoch of the highest offset, seconds since the origin, expected
            (nil, 0, 100, 100), (nil, 0, 0, 1), (nil, 0, -5, 1), (99, 0, 100, 100), (100, 0, 100, 101),
            (200, 0, 100, 201), (nil, 300, 100, 301), (5, 300, 100, 301), (Int(Int32.max), 0, 100, nil),
            (Int(Int32.max) - 1, 0, 100, Int(Int32.max)),
            // A clock that is wrong by decades, or by centuries, takes nothing from those that come.
            (1, 0, 1 << 40, 2), (50_000_000, 0, 2_080_000_000, 50_000_001), (50_000_000, 0, -1_700_000_000, 50_000_001),
            (nil, 0, -1_700_000_000, 1), (nil, 0, 4_000_000_000, 1),
        ] as [(Int?, Int, Int64, Int?)]
    )
    func `an epoch is greater than the saved one, the journal's and the clock's`(
        _ saved: Int?,
        _ highest: Int,
        _ seconds: Int64,
        _ expected: Int?
    ) {
        let epoch = Epoch.next(
            saved: saved.map(UInt32.init),
            highest: Offset(epoch: UInt32(highest), sequence: 7),
            now: Timestamp(rawValue: (1_700_000_000 + seconds) * 1000 + 999)
        )
        #expect(epoch.map(Int.init) == expected)
    }

    @Test func `the end of an epoch lies behind all its events and before the next`() {
        var sequence = OffsetSequence(epoch: 7, next: .max - 3)
        #expect(sequence.hasRoom(for: 2))
        #expect(!sequence.hasRoom(for: 3))
        #expect(sequence.offset(at: 1) < Epoch.end(of: 7))
        #expect(Epoch.end(of: 7) < OffsetSequence(epoch: 8).offset(at: 0))
        sequence.advance(by: 2)
        #expect(sequence.hasRoom(for: 0))
        #expect(!sequence.hasRoom(for: 1))
    }

    @Test func `a hole in a page comes before every event of its partition`() {
        func record(_ offset: UInt64, _ previous: UInt64, partition: Int = 0) -> BatchRecord {
            BatchRecord(
                partition: partition,
                offset: Offset(rawValue: offset),
                previous: Offset(rawValue: previous),
                frame: [1, 2, 10, 3]
            )
        }
        var builder = PageBuilder(after: [0: Offset(rawValue: 1), 1: .zero], maximumBytes: 100)
        let taken = [
            builder.take(record(1, 0)),  // known already
            builder.take(record(3, 2)),
            builder.take(record(4, 0, partition: 1)),
            builder.take(record(5, 4, partition: 2)),  // not asked for
            builder.take(record(8, 6)),  // a second hole of the same partition waits
        ]
        #expect(taken == [true, true, true, true, false])
        #expect(builder.page.events.map(\.offset.rawValue) == [3, 4])
        #expect(builder.page.events[0].jsonStart == 3)
        #expect(!builder.page.complete)
        #expect(
            builder.page.truncated == [
                JournalTruncation(partition: 0, after: Offset(rawValue: 1), through: Offset(rawValue: 2))
            ]
        )
        builder.finish(at: [Offset(rawValue: 8), Offset(rawValue: 4)])
        #expect(builder.page.truncated.count == 1, "nor may the end of the journal overtake its events")

        var tail = PageBuilder(after: [0: Offset(rawValue: 5), 1: Offset(rawValue: 9)], maximumBytes: 100)
        tail.finish(at: [Offset(rawValue: 8), Offset(rawValue: 4)])
        #expect(
            tail.page.truncated == [
                JournalTruncation(partition: 0, after: Offset(rawValue: 5), through: Offset(rawValue: 8))
            ]
        )
        #expect(tail.page.complete)
    }

    @Test func `a row gives back its records and knows every changed byte`() throws {
        let events = (0..<3).map { index in
            JournalEvent(
                partition: index * 15,
                offset: Offset(epoch: 3, sequence: UInt32(index + 1)),
                previous: Offset(epoch: 2, sequence: UInt32(index)),
                frame: Array("topic\n{\(index)}".utf8),
                jsonStart: 6
            )
        }
        let row = BatchRow(
            events,
            first: events[0].offset,
            last: events[2].offset,
            acceptedAt: Timestamp(rawValue: 5)
        )
        #expect(row.partitions == 1 | 1 << 15 | 1 << 30)
        #expect(row.intactRecords?.map(\.event) == events)
        for index in row.records.indices {
            var changed = row
            changed.records[index] ^= 0x10
            #expect(changed.intactRecords == nil)
            #expect(changed.hasTrustworthyMask == (index >= BatchRow.maskBytes))
        }
        for change in [
            { (row: inout BatchRow) in row.partitions ^= 2 }, { $0.count += 1 }, { $0.crc ^= 1 },
            { $0.first = .zero }, { $0.last = .zero }, { $0.acceptedAt = Timestamp(rawValue: 6) },
            { $0.records.removeLast() }, { $0.records = [] },
        ] as [@Sendable (inout BatchRow) -> Void] {
            var changed = row
            change(&changed)
            #expect(changed.intactRecords == nil)
        }
    }

    @Test func `a segment ends where the next readable one begins`() {
        func offsets(_ numbers: UInt64...) -> [Offset] { numbers.map(Offset.init(rawValue:)) }
        func header(_ heads: [Offset], _ at: Int64) -> SegmentHeader {
            SegmentHeader(createdAt: Timestamp(rawValue: at), heads: heads)
        }
        let catalog = SegmentCatalog([
            .init(number: 3, header: header(offsets(1, 2), 10)),
            .init(number: 4, header: nil),
            .init(number: 6, header: header(offsets(5, 2), 30)),
        ])
        let extents = catalog.extents(heads: offsets(5, 9))
        #expect(extents.map(\.begin) == [offsets(1, 2), offsets(1, 2), offsets(5, 2)])
        #expect(extents.map(\.end) == [offsets(5, 2), offsets(5, 2), offsets(5, 9)])
        #expect(extents.map(\.sealedAt?.rawValue) == [30, 30, nil])
        #expect(extents[0].limit == Offset(rawValue: 5))
        #expect(header(offsets(1, 2), 10) == SegmentHeader(header(offsets(1, 2), 10).bytes))
        #expect(SegmentHeader([9] + header(offsets(1, 2), 10).bytes.dropFirst()) == nil)
    }
}
