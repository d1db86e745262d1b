import Foundation
import GRDB
import Protocol
import Testing

@testable import EventBus

struct JournalFailureTests {
    let fixture: JournalFixture

    init() throws { fixture = try JournalFixture() }

    /// Makes the next write to a segment fail as long as the body runs.
    private func holding(_ path: String, _ body: () throws -> Void) throws {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let rival = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? rival.close() }
        try rival.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
        try body()
        try rival.inDatabase { try $0.execute(sql: "ROLLBACK") }
    }

    @Test func `a batch that a segment refuses goes to the next`() throws {
        let slot = try fixture.claim()
        var journal = try fixture.open(slot)
        var accepted = try journal.append([draft(alice, "1")])
        try holding(SegmentFile.path(1, in: slot.directory)) {
            accepted += try journal.append([draft(alice, "2")])
        }
        accepted += try journal.append([draft(alice, "3")])
        #expect(journal.counters.abandonedSegments == 1)
        #expect(FileManager.default.fileExists(atPath: SegmentFile.path(2, in: slot.directory)))
        #expect(try journal.readAll(after: everything).events == accepted)
        journal.close()

        journal = try fixture.open(slot)
        defer { journal.close() }
        #expect(try journal.readAll(after: everything).events == accepted)
    }

    @Test func `where no segment takes a batch nothing is assigned and the same drafts succeed later`() throws {
        let slot = try fixture.claim()
        let journal = try fixture.open(slot)
        defer { journal.close() }
        var accepted = try journal.append([draft(alice, "1")])
        let heads = journal.heads()
        let obstacles = (2...4).map { SegmentFile.path($0, in: slot.directory) }
        for path in obstacles {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        }
        try holding(SegmentFile.path(1, in: slot.directory)) {
            for _ in obstacles {
                let error = #expect(throws: JournalError.self) {
                    try journal.append([draft(alice, "2"), draft(bob, "2")])
                }
                #expect(error?.isRetriable == true)
            }
        }
        #expect(journal.heads() == heads)
        #expect(try journal.readAll(after: everything).events == accepted)
        #expect(journal.counters.failedAppends == 3)

        accepted += try journal.append([draft(alice, "2"), draft(bob, "2")])
        #expect(accepted.map(\.offset.sequence) == [1, 2, 3])
        #expect(accepted[1].previous == accepted[0].offset)
        #expect(try journal.readAll(after: everything).events == accepted)
    }

    @Test func `rows of a failed commit never come to light once their offsets were given out again`() throws {
        let slot = try fixture.claim()
        var journal = try fixture.open(slot)
        let first = try journal.append([draft(alice, "1")])
        // The sync failed, yet the row is there: what a disk may do.
        let ghost = BatchRow(
            [
                JournalEvent(
                    partition: Partition.of(alice),
                    offset: Offset(epoch: journal.epoch, sequence: 2),
                    previous: first[0].offset,
                    frame: Array("ghost\n{}".utf8),
                    jsonStart: 6
                )
            ],
            first: Offset(epoch: journal.epoch, sequence: 2),
            last: Offset(epoch: journal.epoch, sequence: 2),
            acceptedAt: fixture.now
        )
        var rival = try SegmentWriter(1, in: slot.directory, sync: .normal)
        try rival.append(ghost)
        #expect(try journal.readAll(after: everything).events == first)
        // The same offset is taken there, so this batch goes to a new segment.
        let second = try journal.append([draft(alice, "2")])
        #expect(second[0].offset == ghost.last)
        #expect(try journal.readAll(after: everything).events == first + second)
        rival.seal()
        journal.close()

        journal = try fixture.open(slot)
        defer { journal.close() }
        #expect(try journal.readAll(after: everything).events == first + second)
    }

    @Test func `a file that a crash left before its first commit is removed`() throws {
        let slot = try fixture.claim()
        var journal = try fixture.open(slot)
        let accepted = try journal.append([draft(alice)])
        journal.close()
        let path = SegmentFile.path(2, in: slot.directory)
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        #expect(FileManager.default.createFile(atPath: SegmentFile.path(9, in: slot.directory) + "-wal", contents: nil))

        journal = try fixture.open(slot)
        defer { journal.close() }
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(!FileManager.default.fileExists(atPath: SegmentFile.path(9, in: slot.directory) + "-wal"))
        let page = try journal.readAll(after: everything)
        #expect(page.events == accepted)
        #expect(page.truncated.isEmpty)
        #expect(journal.counters.damaged == 0)
    }
}
