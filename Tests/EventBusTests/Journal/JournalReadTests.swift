import Foundation
import Protocol
import Synchronization
import Testing

@testable import EventBus

struct JournalReadTests {
    let fixture: JournalFixture

    init() throws { fixture = try JournalFixture() }

    @Test func `only the named partitions are read, each behind its own offset`() throws {
        let journal = try fixture.open()
        defer { journal.close() }
        let events = try (0..<5).flatMap { try journal.append([draft(alice, "\($0)"), draft(bob), draft(carol)]) }
        let alices = events.filter { $0.partition == Partition.of(alice) }
        let bobs = events.filter { $0.partition == Partition.of(bob) }

        let page = try journal.read(
            after: [Partition.of(alice): alices[1].offset, Partition.of(bob): bobs[3].offset],
            maximumBytes: .max
        )
        #expect(page.events == events.filter { alices[2...].contains($0) || $0 == bobs[4] })
        #expect(page.complete)
        #expect(page.truncated.isEmpty)
        #expect(try journal.read(after: [:], maximumBytes: .max) == JournalPage(complete: true))
        #expect(try journal.read(after: journal.heads(), maximumBytes: .max) == JournalPage(complete: true))
        #expect(try journal.read(after: [99: .zero, -1: .zero], maximumBytes: .max) == JournalPage(complete: true))
    }

    @Test func `a page ends before its frames exceed the limit but holds one event at least`() throws {
        let journal = try fixture.open()
        defer { journal.close() }
        let events = try journal.append((0..<10).map { draft(alice, "\($0)", bytes: 500) })
        let size = events[1].frame.count

        let page = try journal.read(after: everything, maximumBytes: size * 3)
        #expect(page.events == Array(events[..<3]))
        #expect(!page.complete)
        let tiny = try journal.read(after: [Partition.of(alice): events[2].offset], maximumBytes: 1)
        #expect(tiny.events == [events[3]])
        #expect(!tiny.complete)
        #expect(try journal.readAll(after: everything, maximumBytes: 1).events == events)
    }

    @Test func `what was pruned is a truncation up to the oldest retained event of its partition`() throws {
        let configuration = JournalConfiguration(sync: .normal, segmentBytes: 1, minimumAge: .zero)
        let journal = try fixture.open(nil, configuration)
        defer { journal.close() }
        let events = try [alice, bob, alice, carol, alice].flatMap { try journal.append([draft($0)]) }
        try journal.acknowledge(
            group: "writer",
            database: "d",
            committed: [Partition.of(alice): events[2].offset, Partition.of(bob): events[1].offset]
        )
        #expect(journal.prune().removedSegments == [1, 2, 3])

        let page = try journal.read(after: everything, maximumBytes: .max)
        #expect(page.events == Array(events[3...]))
        #expect(
            Set(page.truncated) == [
                JournalTruncation(partition: Partition.of(alice), after: .zero, through: events[2].offset),
                JournalTruncation(partition: Partition.of(bob), after: .zero, through: events[1].offset),
            ]
        )
        #expect(page.complete)
    }

    @Test func `a hundred thousand events are read as they were appended`() throws {
        let journal = try fixture.open(nil, JournalConfiguration(sync: .normal, segmentBytes: 4 << 20))
        defer { journal.close() }
        let logins = (0..<50).map { "channel\($0)" }
        let drafts = logins.map { draft($0, "message of \($0)") }
        var appended: [JournalEvent] = []
        appended.reserveCapacity(100_000)
        for batch in 0..<500 {
            appended += try journal.append((0..<200).map { drafts[(batch + $0) % drafts.count] })
        }
        let page = try journal.readAll(after: everything)
        #expect(page.complete)
        #expect(page.truncated.isEmpty)
        #expect(page.events.count == 100_000)
        #expect(page.events == appended)
        #expect(journal.counters.damaged == 0)
    }

    @Test func `reading goes on while another thread appends`() throws {
        let journal = try fixture.open(nil, JournalConfiguration(sync: .normal, segmentBytes: 100_000))
        defer { journal.close() }
        let appended = Mutex<[JournalEvent]>([])
        let isDone = Atomic(false)
        let thread = Thread {
            for number in 0..<300 {
                guard let events = try? journal.append([draft(alice, "\(number)", bytes: 900), draft(bob)]) else {
                    break
                }
                appended.withLock { $0 += events }
            }
            isDone.store(true, ordering: .releasing)
        }
        thread.start()
        var read: [JournalEvent] = []
        var cursors = everything
        while true {
            let wasDone = isDone.load(ordering: .acquiring)
            let page = try journal.read(after: cursors, maximumBytes: 20_000)
            #expect(page.truncated.isEmpty)
            for event in page.events { cursors[event.partition] = event.offset }
            read += page.events
            if wasDone && page.complete { break }
        }
        #expect(read.count == 600)
        #expect(read == appended.withLock { $0 })
    }
}
