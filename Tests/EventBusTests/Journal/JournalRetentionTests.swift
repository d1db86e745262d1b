import Foundation
import Protocol
import Testing

@testable import EventBus

struct JournalRetentionTests {
    let fixture: JournalFixture

    init() throws { fixture = try JournalFixture() }

    @Test func `acknowledgements survive a restart`() throws {
        let slot = try fixture.claim()
        var journal = try fixture.open(slot)
        _ = try journal.append([draft(alice)])
        #expect(journal.undelivered)
        try journal.acknowledge(group: "writer", database: "main", committed: journal.heads())
        #expect(!journal.undelivered)
        journal.close()

        journal = try fixture.open(slot)
        defer { journal.close() }
        #expect(!journal.undelivered)
        _ = try journal.append([draft(bob)])
        #expect(journal.undelivered)
    }

    @Test func `another database cannot make the journal forget, not even after a crash`() throws {
        let journal = try fixture.open()
        defer { journal.close() }
        let event = try journal.append([draft(alice)])[0]
        try journal.acknowledge(group: "writer", database: "main", committed: [:])
        let refusal = #expect(throws: AcknowledgeRefused.self) {
            try journal.acknowledge(group: "writer", database: "test", committed: [event.partition: event.offset])
        }
        #expect(refusal?.description.contains(journal.slot.directory + "/acknowledged.json") == true)
        #expect(refusal?.expected == "main")
        #expect(journal.undelivered)
        try journal.acknowledge(group: "tap", database: "test", committed: [event.partition: event.offset])

        let copy = try fixture.open(fixture.claim(fixture.crash(journal).stateDirectory))
        defer { copy.close() }
        #expect(throws: AcknowledgeRefused.self) {
            try copy.acknowledge(group: "writer", database: "test", committed: [:])
        }
    }

    @Test func `a database that a person puts in its place counts from nothing`() throws {
        let journal = try fixture.open()
        defer { journal.close() }
        _ = try journal.append([draft(alice)])
        try journal.acknowledge(group: "writer", database: "main", committed: journal.heads())
        #expect(!journal.undelivered)
        try journal.acknowledge(group: "writer", database: "new", committed: [:], replaces: true)
        #expect(journal.undelivered, "the new one has nothing yet")
        #expect(throws: AcknowledgeRefused.self) {
            try journal.acknowledge(group: "writer", database: "main", committed: [:])
        }
        try journal.acknowledge(group: "writer", database: "new", committed: journal.heads(), replaces: true)
        #expect(!journal.undelivered)

        let copy = try fixture.open(fixture.claim(fixture.crash(journal).stateDirectory))
        defer { copy.close() }
        try copy.acknowledge(group: "writer", database: "new", committed: [:])
    }

    @Test func `segments go an hour after their commit, files and all, whatever the clock shows`() throws {
        let configuration = JournalConfiguration(sync: .normal, segmentBytes: 1)
        let journal = try fixture.open(nil, configuration)
        defer { journal.close() }
        for number in 0..<4 { _ = try journal.append([draft(alice, "\(number)")]) }
        journal.sealing.sync {}
        let before = journal.bytes
        let start = ContinuousClock.now
        #expect(journal.prune(at: start) == PruneReport())
        // The database was away for longer than the journal keeps what is stored.
        fixture.advance(seconds: 36_000)
        let back = start + .seconds(36_000)
        try journal.acknowledge(group: "writer", database: "d", committed: journal.heads())
        #expect(journal.prune(at: back) == PruneReport())
        fixture.advance(seconds: -7200)
        try journal.acknowledge(group: "writer", database: "d", committed: [:], at: back + .seconds(3500))
        #expect(journal.prune(at: back + .seconds(3599)) == PruneReport())
        fixture.advance(seconds: -25_200)
        #expect(journal.prune(at: back + .seconds(7200)) == PruneReport(), "nobody says that it is still stored")
        #expect(journal.prune(at: back + .seconds(3600)) == PruneReport(removedSegments: [1, 2, 3]))
        #expect(journal.bytes < before)
        #expect(journal.oldestAge(now: fixture.now) == .seconds(3600))
        let names = try FileManager.default.contentsOfDirectory(atPath: journal.slot.directory)
        #expect(Set(names.compactMap { $0.split(separator: ".").first }.filter { $0.hasPrefix("0") }) == ["000004"])
        #expect(journal.counters.prunedSegments == 3)
    }

    @Test func `what a failover took back is kept for another hour behind its next commit`() throws {
        let configuration = JournalConfiguration(sync: .normal, segmentBytes: 1)
        let journal = try fixture.open(nil, configuration)
        defer { journal.close() }
        for number in 0..<3 { _ = try journal.append([draft(alice, "\(number)")]) }
        let start = ContinuousClock.now
        let partition = Partition.of(alice)
        try journal.acknowledge(group: "writer", database: "d", committed: journal.heads(), at: start)
        #expect(journal.prune(at: start) == PruneReport())
        let failover = start + .seconds(3000)
        try journal.acknowledge(group: "writer", database: "d", committed: [partition: .zero], at: failover)
        try journal.acknowledge(group: "writer", database: "d", committed: journal.heads(), at: failover)
        #expect(journal.prune(at: failover) == PruneReport())
        let later = start + .seconds(3700)
        try journal.acknowledge(group: "writer", database: "d", committed: journal.heads(), at: later)
        #expect(journal.prune(at: later) == PruneReport())
        let enough = failover + .seconds(3600)
        try journal.acknowledge(group: "writer", database: "d", committed: [:], at: enough)
        #expect(journal.prune(at: enough).removedSegments == [1, 2])
    }

    @Test func `at the cap the oldest goes and the report says what was lost`() throws {
        let configuration = JournalConfiguration(sync: .normal, segmentBytes: 1, capBytes: 1)
        let journal = try fixture.open(nil, configuration)
        defer { journal.close() }
        let events = try (0..<3).flatMap { try journal.append([draft(alice, "\($0)")]) }
        try journal.acknowledge(
            group: "writer",
            database: "d",
            committed: [Partition.of(alice): events[0].offset]
        )
        let report = journal.prune()
        #expect(report.removedSegments == [1, 2])
        #expect(
            report.lost == [
                JournalTruncation(
                    partition: Partition.of(alice),
                    after: events[0].offset,
                    through: events[1].offset
                )
            ]
        )
        let page = try journal.readAll(after: [Partition.of(alice): events[0].offset])
        #expect(page.truncated == report.lost)
        #expect(page.events == [events[2]])
    }

    @Test func `the heads of silent partitions outlive their segments`() throws {
        let slot = try fixture.claim()
        let configuration = JournalConfiguration(sync: .normal, segmentBytes: 1, minimumAge: .zero)
        var journal = try fixture.open(slot, configuration)
        let bobs = try journal.append([draft(bob)])
        for _ in 0..<3 { _ = try journal.append([draft(alice)]) }
        try journal.acknowledge(group: "writer", database: "d", committed: journal.heads())
        #expect(!journal.prune().removedSegments.isEmpty)
        journal.close()

        journal = try fixture.open(slot, configuration)
        defer { journal.close() }
        #expect(journal.heads()[Partition.of(bob)] == bobs[0].offset)
        #expect(try journal.append([draft(bob)])[0].previous == bobs[0].offset)
    }
}
