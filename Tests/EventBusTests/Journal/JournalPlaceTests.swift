import Foundation
import Protocol
import TestSupport
import Testing

@testable import EventBus

/// What is held open can disappear.
struct JournalPlaceTests {
    let fixture: JournalFixture

    init() throws { fixture = try JournalFixture() }

    @Test(arguments: ["", "-wal"])
    func `a segment that is removed under the journal is written again, with all that was accepted`(
        _ suffix: String
    ) throws {
        let slot = try fixture.claim()
        var journal = try fixture.open(slot)
        var accepted = try journal.append([draft(alice, "1")])
        try FileManager.default.removeItem(atPath: SegmentFile.path(1, in: slot.directory) + suffix)
        accepted += try journal.append([draft(alice, "2")])
        #expect(try journal.readAll(after: everything).events == accepted)

        let copy = try fixture.open(fixture.claim(fixture.crash(journal).stateDirectory))
        #expect(try copy.readAll(after: everything).events == accepted)
        copy.close()
        accepted += try journal.append([draft(bob, "3")])
        journal.close()
        journal = try fixture.open(slot)
        defer { journal.close() }
        #expect(try journal.readAll(after: everything).events == accepted)
    }

    @Test func `a file that is moved over a segment does not take its place`() throws {
        let slot = try fixture.claim()
        var journal = try fixture.open(slot)
        let backup = try fixture.crash(journal).directory + "/000001.journal"
        let accepted = try journal.append([draft(alice, "1")])
        #expect(rename(backup, SegmentFile.path(1, in: slot.directory)) == 0)
        #expect(journal.checkFiles() == nil)
        journal.close()
        journal = try fixture.open(slot)
        defer { journal.close() }
        #expect(try journal.readAll(after: everything).events == accepted)
    }

    @Test func `nothing is accepted while the journal's folder is away, and all is when it is back`() throws {
        let slot = try fixture.claim()
        let journal = try fixture.open(slot)
        defer { journal.close() }
        var accepted = try journal.append([draft(alice, "1")])
        let aside = slot.directory + ".aside"
        #expect(rename(slot.directory, aside) == 0)
        let missing = #expect(throws: JournalError.self) { try journal.append([draft(alice, "2")]) }
        #expect(missing?.isRetriable == true)
        #expect(missing?.reason.contains(slot.directory) == true)
        #expect(journal.checkFiles()?.contains("put it back") == true)
        // Another folder of that name is not the one that was claimed.
        try FileManager.default.createDirectory(atPath: slot.directory, withIntermediateDirectories: false)
        #expect(throws: JournalError.self) { try journal.append([draft(alice, "2")]) }
        try FileManager.default.removeItem(atPath: slot.directory)
        #expect(rename(aside, slot.directory) == 0)
        #expect(journal.checkFiles() == nil)
        accepted += try journal.append([draft(alice, "2")])
        #expect(try journal.readAll(after: everything).events == accepted)
    }

    @Test func `the small files are made again`() throws {
        let slot = try fixture.claim()
        var journal = try fixture.open(slot)
        _ = try journal.append([draft(alice, "1")])
        for name in ["identity.json", "heads"] {
            try FileManager.default.removeItem(atPath: slot.directory + "/" + name)
        }
        #expect(journal.checkFiles() == nil)
        let accepted = try journal.append([draft(alice, "2")])
        #expect(HeadsFile.read(in: slot.directory)?.heads[Partition.of(alice)] == accepted[0].offset)
        journal.close()
        slot.close()
        let again = try fixture.claim()
        #expect(again.producer == slot.producer)
        journal = try fixture.open(again)
        journal.close()
    }

    @Test func `on a full disk the oldest delivered segment goes, however young, and no other`() throws {
        let configuration = JournalConfiguration(sync: .normal, segmentBytes: 1)
        let slot = try fixture.claim()
        let journal = try fixture.open(slot, configuration)
        defer { journal.close() }
        let events = try (0..<4).flatMap { try journal.append([draft(alice, "\($0)")]) }
        #expect(!journal.giveUpDelivered())
        try journal.acknowledge(group: "writer", database: "d", committed: [Partition.of(alice): events[1].offset])
        #expect(journal.giveUpDelivered() && journal.giveUpDelivered())
        #expect(!journal.giveUpDelivered())
        #expect(!FileManager.default.fileExists(atPath: SegmentFile.path(1, in: slot.directory)))
        let page = try journal.readAll(after: [Partition.of(alice): events[1].offset])
        #expect(page.events == Array(events[2...]) && page.truncated.isEmpty)
    }

    @Test(.enabled(if: SmallDisk.isPossible, "only root can mount a small disk"))
    func `a full disk of stored segments refuses nothing, one of events that nobody has stored does`()
        throws
    {
        let disk = try SmallDisk(mebibytes: 8)
        let configuration = JournalConfiguration(sync: .full, segmentBytes: 1 << 20)
        let journal = try fixture.open(fixture.claim(disk.path), configuration)
        defer { journal.close() }
        // Twice what the disk holds.
        for number in 0..<600 {
            _ = try journal.append([draft(alice, "\(number)", bytes: 32_000)])
            try journal.acknowledge(group: "writer", database: "d", committed: journal.heads())
        }
        var kept: [JournalEvent] = []
        let full = #expect(throws: JournalError.self) {
            while true { kept += try journal.append([draft(bob, "\(kept.count)", bytes: 32_000)]) }
        }
        #expect(full?.code == .full)
        #expect(kept.count > 50)
        #expect(try journal.readAll(after: [Partition.of(bob): .zero]).events == kept)
        try journal.acknowledge(group: "writer", database: "d", committed: journal.heads())
        _ = try journal.append([draft(bob, "again", bytes: 32_000)])
    }

    /// A file system in memory that is soon full.
    private final class SmallDisk {
        let path = NSTemporaryDirectory() + "small-disk-\(UUID().uuidString)"

        static let isPossible = (try? SmallDisk(mebibytes: 1)) != nil

        init(mebibytes: Int) throws {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            do {
                try Self.run("/bin/mount", "-t", "tmpfs", "-o", "size=\(mebibytes)m,mode=0700", "tmpfs", path)
            } catch {
                try? FileManager.default.removeItem(atPath: path)
                throw error
            }
        }

        deinit {
            try? Self.run("/bin/umount", "-l", path)
            try? FileManager.default.removeItem(atPath: path)
        }

        private static func run(_ program: String, _ arguments: String...) throws {
            let process = Process()
            process.executableURL = URL(filePath: program)
            process.arguments = arguments
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else { throw CocoaError(.featureUnsupported) }
        }
    }
}
