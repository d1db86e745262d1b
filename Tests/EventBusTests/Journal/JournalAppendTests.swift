import Foundation
import Protocol
import Testing

@testable import EventBus

struct JournalAppendTests {
    let fixture: JournalFixture

    init() throws { fixture = try JournalFixture() }

    @Test func `each event names its predecessor in its own partition`() throws {
        let journal = try fixture.open()
        defer { journal.close() }
        let first = try journal.append([draft(alice), draft(bob), draft(alice)])
        let second = try journal.append([draft(bob), draft(alice)])

        #expect(first.map(\.previous) == [.zero, .zero, first[0].offset])
        #expect(second.map(\.previous) == [first[1].offset, first[2].offset])
        let offsets = (first + second).map(\.offset)
        #expect(offsets.map(\.sequence) == [1, 2, 3, 4, 5])
        #expect(offsets.allSatisfy { $0.epoch == journal.epoch })
        #expect(
            journal.heads() == [Partition.of(alice): second[1].offset, Partition.of(bob): second[0].offset]
        )
    }

    @Test func `a frame carries the place that the journal gave it`() throws {
        let journal = try fixture.open()
        defer { journal.close() }
        let event = try journal.append([draft(alice), draft(alice)])[1]
        let header = try #require(FrameHeader(event.frame))

        #expect(header.producer == journal.slot.producer)
        #expect(header.offset == event.offset)
        #expect(header.previous == event.previous)
        #expect(header.partition == event.partition)
        #expect(header.jsonStart == event.jsonStart)
        #expect(event.frame[event.jsonStart] == UInt8(ascii: "{"))
    }

    @Test func `a reopened journal goes on with a greater epoch and the same chains`() throws {
        let slot = try fixture.claim()
        var journal = try fixture.open(slot)
        let before = try journal.append([draft(alice), draft(bob)])
        let epoch = journal.epoch
        journal.close()

        journal = try fixture.open(slot)
        defer { journal.close() }
        #expect(journal.epoch > epoch)
        #expect(journal.heads() == [Partition.of(alice): before[0].offset, Partition.of(bob): before[1].offset])
        let after = try journal.append([draft(alice)])
        #expect(after[0].previous == before[0].offset)
        #expect(after[0].offset == Offset(epoch: journal.epoch, sequence: 1))
        #expect(try journal.readAll(after: everything).events == before + after)
    }

    @Test func `offsets grow although the clock went backwards`() throws {
        let slot = try fixture.claim()
        var journal = try fixture.open(slot)
        let before = try journal.append([draft(alice)])[0].offset
        journal.close()
        fixture.advance(seconds: -86_400)

        journal = try fixture.open(slot)
        defer { journal.close() }
        #expect(journal.epoch == before.epoch + 1)
        #expect(try journal.append([draft(alice)])[0].offset > before)
    }

    @Test func `a state directory restored from a snapshot gets offsets behind those it forgot`() throws {
        let slot = try fixture.claim()
        var journal = try fixture.open(slot)
        _ = try journal.append([draft(alice)])
        let snapshot = try fixture.crash(journal)
        for _ in 0..<3 {
            journal.close()
            journal = try fixture.open(slot)
        }
        let forgotten = try journal.append([draft(alice)])[0].offset
        journal.close()
        fixture.advance(seconds: 60)

        let restored = try fixture.open(fixture.claim(snapshot.stateDirectory))
        defer { restored.close() }
        #expect(try restored.append([draft(alice)])[0].offset > forgotten)
    }

    @Test func `what was accepted before a crash is there after it`() throws {
        let journal = try fixture.open(nil, .init(sync: .full))
        let accepted = try (0..<20).flatMap { try journal.append([draft(alice, "a\($0)"), draft(bob, "b\($0)")]) }
        let crashed = try fixture.crash(journal)
        journal.close()

        let recovered = try fixture.open(fixture.claim(crashed.stateDirectory))
        defer { recovered.close() }
        #expect(recovered.heads() == journal.heads())
        #expect(recovered.slot.producer == journal.slot.producer)
        let page = try recovered.readAll(after: everything)
        #expect(page.events == accepted)
        #expect(page.truncated.isEmpty)
    }

    @Test func `a full segment is followed by another and recovery needs only the last`() throws {
        let slot = try fixture.claim()
        let small = JournalConfiguration(sync: .normal, segmentBytes: 20_000)
        var journal = try fixture.open(slot, small)
        let carolFirst = try journal.append([draft(carol)])
        let rest = try (0..<100).flatMap { try journal.append([draft(alice, "\($0)", bytes: 900)]) }
        let heads = journal.heads()
        journal.close()
        let segments = try FileManager.default.contentsOfDirectory(atPath: slot.directory)
            .filter { $0.hasSuffix(".journal") }.count
        #expect(segments > 3)

        journal = try fixture.open(slot, small)
        defer { journal.close() }
        #expect(journal.heads() == heads)
        #expect(try journal.readAll(after: everything).events == carolFirst + rest)
    }

    @Test func `a journal with another partition count is refused with a clear line`() throws {
        let slot = try fixture.claim()
        try fixture.open(slot).close()
        try JSONFile.write(
            SavedEpoch(epoch: 1, partitions: 16),
            to: SavedEpoch.path(in: slot.directory),
            durably: false
        )
        let error = #expect(throws: JournalError.self) { try fixture.open(slot) }
        #expect(error?.code == .partitionCount)
        #expect(error?.description.contains("16 partitions") == true)
        #expect(error?.isRetriable == false)
    }

    @Test func `nothing is appended to an adopted or a closed journal`() throws {
        let slot = try fixture.claim()
        let journal = try fixture.open(slot)
        let events = try journal.append([draft(alice)])
        let epoch = journal.epoch
        journal.close()
        #expect(throws: JournalError.self) { try journal.append([draft(alice)]) }
        #expect(throws: JournalError.self) { try journal.read(after: everything, maximumBytes: 1) }

        let adopted = try fixture.open(slot, readOnly: true)
        defer { adopted.close() }
        #expect(adopted.epoch == epoch)
        #expect(try adopted.readAll(after: everything).events == events)
        let error = #expect(throws: JournalError.self) { try adopted.append([draft(alice)]) }
        #expect(error?.code == .readOnly)
    }

    @Test func `counters tell what was appended`() throws {
        let journal = try fixture.open()
        defer { journal.close() }
        _ = try journal.append([draft(alice), draft(bob)])
        _ = try journal.append([])
        #expect(journal.counters.appendedEvents == 2)
        #expect(journal.counters.appendedBatches == 1)
        #expect(journal.counters.appendedBytes > 0)
        #expect(journal.bytes > 0)
    }
}
