import Foundation
import Logging
import Protocol
import Synchronization
import TestSupport
import Testing

@testable import irc_gateway

/// Sessions while the machine's clock is wrong and put right.
@Suite struct WrongClockTests {
    private static let true0: Int64 = 1_790_000_000_000

    /// A machine that may show another time than it is.
    private final class Machine: Sendable {
        private let start = ContinuousClock.now
        private let state: Mutex<(passed: Int64, error: Int64)>

        init(error: Int64) { state = Mutex((0, error)) }

        var now: ContinuousClock.Instant { start + .milliseconds(state.withLock { $0.passed }) }
        func pass(seconds: Int64) { state.withLock { $0.passed += seconds * 1000 } }
        func show(error: Int64) { state.withLock { $0.error = error } }
        /// What time it really is.
        var time: Timestamp { Timestamp(rawValue: true0 + state.withLock { $0.passed }) }
        var clock: SteadyClock {
            SteadyClock(
                WallClock { Timestamp(rawValue: true0 + self.state.withLock { $0.passed + $0.error }) },
                instant: { self.now }
            )
        }
    }

    /// What the archive knows after all that was published: by session, as its upsert does.
    private struct Archive {
        struct Row: Equatable {
            var startedAt: Timestamp?
            var stoppedAt: Timestamp?
            var reason: String?
        }

        var rows: [String: Row] = [:]
        var sessions: [Row] {
            func start(_ row: Row) -> Int64 { row.startedAt?.rawValue ?? .min }
            return rows.values.filter { $0.startedAt != nil }.sorted { start($0) < start($1) }
        }
        var others: [Row] { rows.values.filter { $0.startedAt == nil } }

        mutating func take(_ drafts: [EventDraft]) throws {
            for draft in drafts {
                let frame = EventFrame.encode(
                    draft,
                    service: "irc-gateway",
                    producer: "gw-test",
                    partition: Partition.of(draft.subject),
                    offset: Offset(rawValue: 1),
                    previous: .zero
                )
                switch try EventCodec.decode(frame.drop { $0 != UInt8(ascii: "\n") }.dropFirst()).event {
                case .collectionStarted(let start): rows[start.sessionID, default: Row()].startedAt = start.startedAt
                case .collectionStopped(let stop):
                    rows[stop.sessionID, default: Row()].stoppedAt = stop.stoppedAt
                    rows[stop.sessionID, default: Row()].reason = stop.reason
                default: break
                }
            }
        }
    }

    private func record(
        _ machine: Machine,
        _ log: CollectionRecordTests.Log,
        in directory: String,
        boot: BootTime? = nil
    )
        -> (record: CollectionRecord, clock: SteadyClock)
    {
        let clock = machine.clock
        let record = CollectionRecord(
            gateway: "gw-test",
            directory: directory,
            clock: clock,
            boot: { boot },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            publish: log.sink
        )
        return (record, clock)
    }

    @Test(arguments: [7_200_000, -7_200_000, -true0] as [Int64])
    func `a clock that is put right five seconds after the start leaves no trace in the sessions`(error: Int64)
        async throws
    {
        try await withTemporaryDirectory { directory in
            let log = CollectionRecordTests.Log()
            let machine = Machine(error: error)
            let (record, clock) = record(machine, log, in: directory)
            var archive = Archive()
            let begin = machine.time
            try archive.take([try #require(await record.started("alpha", roomID: "1", connection: 1))])
            try archive.take([try #require(await record.started("beta", roomID: "2", connection: 1))])
            try archive.take([record.refused("gamma", .suspended, connection: 1)])
            machine.pass(seconds: 3)
            let end = machine.time
            try archive.take([try #require(record.stop("beta", connection: 1, because: .parted))])
            machine.pass(seconds: 2)
            machine.show(error: 0)
            try await record.follow(clock.takeSteps())
            machine.pass(seconds: 100)
            try await record.stopped("alpha", connection: 1, because: .shutdown)
            try archive.take(log.drafts.withLock { $0 })
            let alpha = Archive.Row(startedAt: begin, stoppedAt: machine.time, reason: "shutdown")
            let beta = Archive.Row(startedAt: begin, stoppedAt: end, reason: "parted")
            #expect(archive.sessions.count == 2 && archive.sessions.contains(alpha) && archive.sessions.contains(beta))
            // What was received by the wrong clock is marked.
            #expect(archive.others.contains { $0.reason == "clock_set_by_\(-error)ms" })
            #expect(archive.others.contains { $0.reason == "refused_suspended" && $0.stoppedAt == begin })
        }
    }

    @Test func `a clock that is set wrong for a minute on a good day changes nothing for good`() async throws {
        try await withTemporaryDirectory { directory in
            let log = CollectionRecordTests.Log()
            let machine = Machine(error: 0)
            let (record, clock) = record(machine, log, in: directory)
            var archive = Archive()
            var expected: [Archive.Row] = []
            func session(_ login: String, seconds: Int64) async throws {
                let begin = machine.time
                try archive.take([try #require(await record.started(login, roomID: "1", connection: 1))])
                machine.pass(seconds: seconds)
                try archive.take([try #require(record.stop(login, connection: 1, because: .parted))])
                expected.append(Archive.Row(startedAt: begin, stoppedAt: machine.time, reason: "parted"))
            }
            let begin = machine.time
            try archive.take([try #require(await record.started("alpha", roomID: "1", connection: 1))])
            machine.pass(seconds: 86_400)
            try await session("before", seconds: 10)
            machine.show(error: 7_200_000)
            try await record.follow(clock.takeSteps())
            try await session("meanwhile", seconds: 10)
            machine.pass(seconds: 30)
            machine.show(error: 0)
            try await record.follow(clock.takeSteps())
            try await session("behind", seconds: 10)
            try archive.take(log.drafts.withLock { $0 })
            expected.insert(Archive.Row(startedAt: begin), at: 0)
            #expect(archive.sessions == expected)
        }
    }

    @Test func `an end that falls between the step and its notice comes out right all the same`() async throws {
        try await withTemporaryDirectory { directory in
            let log = CollectionRecordTests.Log()
            let machine = Machine(error: 7_200_000)
            let (record, clock) = record(machine, log, in: directory)
            var archive = Archive()
            let begin = machine.time
            try archive.take([try #require(await record.started("alpha", roomID: "1", connection: 1))])
            machine.pass(seconds: 5)
            machine.show(error: 0)
            try await record.stoppedAll(connection: 1, because: .connectionLost, at: machine.now - .seconds(1))
            let again = machine.time
            try archive.take(log.drafts.withLock { $0 })
            log.drafts.withLock { $0 = [] }
            try archive.take([try #require(await record.started("alpha", roomID: "1", connection: 2))])
            try await record.follow(clock.takeSteps())
            try archive.take(log.drafts.withLock { $0 })
            let end = Timestamp(rawValue: machine.time.rawValue - 1000)
            #expect(
                archive.sessions == [
                    Archive.Row(startedAt: begin, stoppedAt: end, reason: "connection_lost"),
                    Archive.Row(startedAt: again),
                ]
            )
        }
    }

    // MARK: A run that died by a wrong clock

    @Test(arguments: [7_200_000, -7_200_000, -1_789_999_000_000] as [Int64], [true, false])
    func `what a killed run told by a wrong clock is put right at the next start`(error: Int64, sameBoot: Bool)
        async throws
    {
        try await withTemporaryDirectory { directory in
            let log = CollectionRecordTests.Log()
            let machine = Machine(error: error)
            let before = BootTime(id: "b1", milliseconds: 1_000_000)
            let (first, _) = record(machine, log, in: directory, boot: before)
            var archive = Archive()
            let begin = machine.time
            try archive.take([try #require(await first.started("alpha", roomID: "1", connection: 1))])
            machine.pass(seconds: 60)
            let end = machine.time
            try await SessionFile(directory: directory).touch(
                at: Timestamp(rawValue: end.rawValue + error),
                boot: before
            )
            machine.pass(seconds: 20)
            machine.show(error: 0)
            let now = BootTime(id: sameBoot ? "b1" : "b2", milliseconds: 1_020_000)
            let (second, _) = record(machine, log, in: directory, boot: now)
            try await second.recover()
            try archive.take(log.drafts.withLock { $0 })
            let row = try #require(archive.sessions.first)
            let length = try #require(row.stoppedAt).rawValue - (try #require(row.startedAt)).rawValue
            #expect(length == 60_000, "whatever the clock said, it was a minute")
            #expect(row.stoppedAt.map { $0 <= machine.time } == true, "nothing ends in the future")
            if sameBoot { #expect(row == Archive.Row(startedAt: begin, stoppedAt: end, reason: "crashed")) }
        }
    }

    @Test(arguments: [
        "", "x", "99999999999999999999", "1790000000000", "1790000000000 5",
        "9223372036854775807 9223372036854775807 b1", "-9223372036854775808 -9223372036854775808 b1",
    ])
    func `a sign of life that makes no sense stops nobody`(text: String) async throws {
        try await withTemporaryDirectory { directory in
            let log = CollectionRecordTests.Log()
            let machine = Machine(error: 0)
            _ = await record(machine, log, in: directory).record.started("alpha", roomID: "1", connection: 1)
            try Data(text.utf8).write(to: URL(fileURLWithPath: directory + "/alive"))
            let (second, _) = record(machine, log, in: directory, boot: BootTime(id: "b1", milliseconds: 5))
            try await second.recover()
            #expect(log.drafts.withLock { $0.contains { $0.type == .collectionStopped } })
        }
    }

    @Test func `the journal's time counts only where it fits the sign of life`() {
        func end(_ lastAccepted: Int64?) -> Int64 {
            let remains = SessionRemains(sessions: [], lastAlive: Timestamp(rawValue: Self.true0))
            let now = Timestamp(rawValue: Self.true0 + 10_000_000)
            let accepted = lastAccepted.map { Timestamp(rawValue: Self.true0 + $0) }
            return remains.ending(lastAccepted: accepted, now: now, boot: nil).at.rawValue - Self.true0
        }
        #expect(end(nil) == 0 && end(900) == 900 && end(-5000) == 0)
        #expect(end(7_200_000) == 0, "by another clock than the sign of life")
    }
}
