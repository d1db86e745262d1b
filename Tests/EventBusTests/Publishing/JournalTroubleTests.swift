import Foundation
import GRDB
import Protocol
import Synchronization
import TestSupport
import Testing

@testable import EventBus

@Suite(.timeLimit(.minutes(10)))
struct JournalTroubleTests {
    @Test func `while the disk refuses it is told once, and afterwards nothing is lost`() async throws {
        let told = Mutex<[String?]>([])
        try await withTemporaryDirectory { directory in
            let publisher = try EventPublisher.test(directory) {
                $0.onJournalTrouble = { reason in told.withLock { $0.append(reason) } }
            }
            let follower = try EventFollower.test(directory)
            try await running(publisher.run) {
                try await publisher.publish(numbers: 0..<10, alice)
                try await eventually("committed") { publisher.queuedEvents == 0 }
                try await refusing(publisher.slotDirectory) {
                    try await publisher.publish(numbers: 10..<500, alice)
                    try await eventually("it is told") { told.withLock { $0.count } == 1 }
                    try await eventually("it was tried again") { publisher.journalCounters.failedAppends >= 3 }
                    #expect(publisher.queuedEvents == 490)
                }
                try await eventually("its end is told") { told.withLock { $0.count } == 2 }
                try await running(follower.run) {
                    var consumer = Consumer()
                    try await consumer.take(500, from: follower)
                    #expect(consumer.texts[alice] == EventBusTests.numbers(0..<500))
                }
            }
            #expect(publisher.queuedEvents == 0)
        }
        let (reason, end) = told.withLock { ($0.first ?? nil, $0.last ?? nil) }
        #expect(reason?.contains("journal") == true)
        #expect(end == nil)
    }

    @Test func `an event that nobody could read is dropped, its neighbours are not`() async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try EventPublisher.test(directory)
            let follower = try EventFollower.test(directory)
            try await running(publisher.run) {
                let drafts = [
                    draft(alice, "0"), draft(alice, "1", bytes: EventCodec.maximumBytes), draft(alice, "2"),
                ]
                try await publisher.publish(drafts)
                try await running(follower.run) {
                    var consumer = Consumer()
                    try await consumer.take(2, from: follower)
                    #expect(consumer.texts[alice] == ["0", "2"])
                }
            }
        }
    }

    @Test func `the next run knows when the last event was accepted`() throws {
        let fixture = try JournalFixture()
        let slot = try fixture.claim()
        var journal = try fixture.open(slot)
        #expect(journal.lastAcceptedBefore == nil)
        fixture.advance(seconds: 5)
        _ = try journal.append([draft(alice, "1")])
        let accepted = fixture.now
        fixture.advance(seconds: 60)
        journal.close()

        journal = try fixture.open(slot)
        #expect(journal.lastAcceptedBefore == accepted)
        journal.close()
    }

    /// Holds a lock on the newest segment and stands in the way of those after it, as long as the body runs.
    private func refusing(_ slot: String, _ body: () async throws -> Void) async throws {
        let obstacles = (2..<200).map { SegmentFile.path($0, in: slot) }
        for path in obstacles {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        }
        var configuration = GRDB.Configuration()
        configuration.allowsUnsafeTransactions = true
        let rival = try DatabaseQueue(path: SegmentFile.path(1, in: slot), configuration: configuration)
        try await rival.write { _ in }
        try rival.unsafeReentrantWrite { try $0.execute(sql: "BEGIN EXCLUSIVE") }
        defer {
            try? rival.close()
            for path in obstacles { try? FileManager.default.removeItem(atPath: path) }
        }
        try await body()
    }
}
