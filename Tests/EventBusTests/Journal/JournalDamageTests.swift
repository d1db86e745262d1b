import Foundation
import Protocol
import Testing

@testable import EventBus

struct JournalDamageTests {
    let fixture: JournalFixture

    init() throws { fixture = try JournalFixture() }

    /// Changes one byte of the first place where `text` stands in a file.
    private func flip(_ text: String, in path: String) throws {
        var content = try Data(contentsOf: URL(fileURLWithPath: path))
        let place = try #require(content.range(of: Data(text.utf8)))
        content[place.lowerBound] ^= 1
        try content.write(to: URL(fileURLWithPath: path))
    }

    @Test func `a flipped byte loses its row and only the partitions in it`() throws {
        let slot = try fixture.claim()
        var journal = try fixture.open(slot)
        let alices = [
            try journal.append([draft(alice, "alice one"), draft(carol, "carol one")]),
            try journal.append([draft(alice, "alice two"), draft(bob, "bob one")]),
            try journal.append([draft(alice, "alice three"), draft(bob, "bob two"), draft(carol, "carol two")]),
        ]
        journal.close()
        try flip("alice two", in: SegmentFile.path(1, in: slot.directory))

        journal = try fixture.open(slot)
        defer { journal.close() }
        let page = try journal.readAll(after: everything)
        #expect(page.events == alices[0] + alices[2])
        #expect(
            Set(page.truncated) == [
                JournalTruncation(
                    partition: Partition.of(alice),
                    after: alices[0][0].offset,
                    through: alices[1][0].offset
                ),
                JournalTruncation(partition: Partition.of(bob), after: .zero, through: alices[1][1].offset),
            ]
        )
        #expect(page.complete)
        let damaged = journal.counters.damaged
        _ = try journal.readAll(after: everything)
        #expect(journal.counters.damaged == damaged, "told once")
        let next = try journal.append([draft(alice)])
        #expect(next[0].previous == alices[2][0].offset)
    }

    @Test func `a damaged last row becomes a truncation that later events continue from`() throws {
        let slot = try fixture.claim()
        var journal = try fixture.open(slot)
        let first = try journal.append([draft(alice, "alice one"), draft(bob, "bob one")])
        let lost = try journal.append([draft(alice, "alice two")])
        let oldEpoch = journal.epoch
        journal.close()
        try flip("alice two", in: SegmentFile.path(1, in: slot.directory))

        journal = try fixture.open(slot)
        var page = try journal.readAll(after: everything)
        #expect(page.events == first)
        let hole = JournalTruncation(
            partition: Partition.of(alice),
            after: first[0].offset,
            through: Epoch.end(of: oldEpoch)
        )
        #expect(page.truncated == [hole])
        #expect(lost[0].offset < hole.through)
        #expect(journal.heads()[Partition.of(alice)] == hole.through)
        let next = try journal.append([draft(alice, "alice three")])
        #expect(next[0].previous == hole.through)
        #expect(next[0].offset > hole.through)
        journal.close()

        journal = try fixture.open(slot)
        defer { journal.close() }
        page = try journal.readAll(after: everything)
        #expect(page.events == first + next)
        #expect(page.truncated == [hole], "the same hole after each restart")
    }

    @Test(arguments: [1, 2, 3]) func `an unreadable segment is a truncation, not an error`(_ victim: Int) throws {
        let slot = try fixture.claim()
        let small = JournalConfiguration(sync: .normal, segmentBytes: 1)
        var journal = try fixture.open(slot, small)
        let events = try [alice, bob, alice, bob].flatMap { try journal.append([draft($0)]) }
        journal.close()
        // The first segment has space for one batch, as every other.
        let path = SegmentFile.path(victim, in: slot.directory)
        try Data(repeating: 0x55, count: 8192).write(to: URL(fileURLWithPath: path))

        journal = try fixture.open(slot, small)
        defer { journal.close() }
        let page = try journal.readAll(after: everything)
        #expect(page.complete)
        #expect(page.truncated.count == 1)
        let hole = try #require(page.truncated.first)
        let lost = events.filter { event in !page.events.contains(event) }
        #expect(lost.count == 1)
        #expect(
            lost.allSatisfy { $0.partition == hole.partition && hole.after < $0.offset && $0.offset <= hole.through }
        )
        #expect(journal.counters.damaged > 0)
    }

    @Test func `an unreadable newest segment makes every head uncertain`() throws {
        let slot = try fixture.claim()
        var journal = try fixture.open(slot)
        _ = try journal.append([draft(alice), draft(bob)])
        let oldEpoch = journal.epoch
        journal.close()
        try Data(repeating: 0x55, count: 8192).write(
            to: URL(fileURLWithPath: SegmentFile.path(1, in: slot.directory))
        )

        journal = try fixture.open(slot)
        defer { journal.close() }
        let page = try journal.readAll(after: everything)
        #expect(page.events.isEmpty)
        #expect(page.truncated.count == Partition.count)
        #expect(page.truncated.allSatisfy { $0.through == Epoch.end(of: oldEpoch) })
        let next = try journal.append([draft(alice)])
        #expect(try journal.readAll(after: journal.heads().mapValues { _ in Epoch.end(of: oldEpoch) }).events == next)
    }

    @Test func `a segment that vanished is a truncation`() throws {
        let small = JournalConfiguration(sync: .normal, segmentBytes: 1)
        let journal = try fixture.open(nil, small)
        defer { journal.close() }
        let events = try (0..<4).flatMap { try journal.append([draft(alice, "\($0)")]) }
        journal.sealing.sync {}
        SegmentFile.remove(2, in: journal.slot.directory)
        let page = try journal.readAll(after: everything)
        #expect(page.complete)
        #expect(page.events.map(\.offset.sequence) == [1, 3, 4])
        #expect(
            page.truncated == [
                JournalTruncation(
                    partition: Partition.of(alice),
                    after: events[0].offset,
                    through: events[1].offset
                )
            ]
        )
    }
}
