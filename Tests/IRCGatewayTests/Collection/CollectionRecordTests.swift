import Foundation
import Logging
import Protocol
import Synchronization
import TestSupport
import Testing

@testable import irc_gateway

@Suite struct CollectionRecordTests {
    /// What was published, as types and reasons.
    final class Log: Sendable {
        let drafts = Mutex<[EventDraft]>([])
        var sink: EventSink { { [self] new in drafts.withLock { $0 += new } } }
        var data: [String] { drafts.withLock { $0.map { String(decoding: $0.data, as: UTF8.self) } } }
    }

    func record(
        _ directory: String,
        _ log: Log,
        at time: Int64,
        lastAccepted: Int64? = nil,
        isDurable: Bool = true
    ) -> CollectionRecord {
        CollectionRecord(
            gateway: "gw-test",
            directory: directory,
            clock: SteadyClock(trusting: WallClock { Timestamp(rawValue: time) }),
            boot: { nil },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            lastAccepted: lastAccepted.map(Timestamp.init(rawValue:)),
            isDurable: { isDurable },
            publish: log.sink
        )
    }

    @Test func `a crash is told at the next start, as of the last sign of life`() async throws {
        try await withTemporaryDirectory { directory in
            let before = Log()
            let first = record(directory, before, at: 1_790_000_000_000)
            let start = await first.started("alpha", roomID: "1", connection: 3)
            #expect(start?.type == .collectionStarted)
            _ = await first.started("beta", roomID: "2", connection: 3)
            try await first.stopped("beta", connection: 3, because: .removed)
            try await SessionFile(directory: directory).touch(at: Timestamp(rawValue: 1_790_000_050_000))

            let after = Log()
            let second = record(directory, after, at: 1_790_000_099_000)
            try await second.recover()
            let told = try #require(after.data.first)
            #expect(after.data.count == 1)
            #expect(told.contains(#""reason":"crashed""#) && told.contains(#""broadcaster_user_login":"alpha""#))
            #expect(told.contains(Timestamp(rawValue: 1_790_000_050_000).description))

            let third = Log()
            try await record(directory, third, at: 1).recover()
            #expect(third.data.isEmpty, "it is told once")
        }
    }

    @Test func `what the journal accepted after the last sign of life belongs to the session`() async throws {
        try await withTemporaryDirectory { directory in
            _ = await record(directory, Log(), at: 1_790_000_000_000).started("alpha", roomID: "1", connection: 3)
            try await SessionFile(directory: directory).touch(at: Timestamp(rawValue: 1_790_000_050_000))
            let log = Log()
            try await record(directory, log, at: 1_790_000_099_000, lastAccepted: 1_790_000_050_900).recover()
            #expect(log.data.first?.contains(Timestamp(rawValue: 1_790_000_050_900).description) == true)
        }
    }

    @Test func `an end that still waits to be taken over is not forgotten by the sign of life`() async throws {
        try await withTemporaryDirectory { directory in
            let isWaiting = Mutex(false)
            let waiting = CollectionRecord(
                gateway: "gw-test",
                directory: directory,
                clock: SteadyClock(trusting: WallClock { Timestamp(rawValue: 1_790_000_000_000) }),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                publish: { _ in
                    isWaiting.withLock { $0 = true }
                    // The queue is full, for as long as this process lives.
                    try await Task.sleep(for: .seconds(3600))
                }
            )
            _ = await waiting.started("alpha", roomID: "1", connection: 3)
            let ending = Task {
                try await waiting.stoppedAll(
                    connection: 3,
                    because: .shutdown,
                    at: .now
                )
            }
            try await eventually("the end waits") { isWaiting.withLock { $0 } }
            await waiting.saveNow()

            let log = Log()
            try await record(directory, log, at: 1_790_000_099_000).recover()
            #expect(log.data.count == 1 && log.data.first?.contains(#""reason":"crashed""#) == true)
            ending.cancel()
            await #expect(throws: CancellationError.self) { try await ending.value }
        }
    }

    @Test func `an end that may be lost with the process is told again at the next start`() async throws {
        try await withTemporaryDirectory { directory in
            // It waits in memory for a journal that cannot be written.
            let waiting = record(directory, Log(), at: 1_790_000_000_000, isDurable: false)
            _ = await waiting.started("alpha", roomID: "1", connection: 3)
            try await waiting.stoppedAll(connection: 3, because: .shutdown, at: .now)
            await waiting.saveNow()
            let log = Log()
            try await record(directory, log, at: 1_790_000_099_000).recover()
            #expect(log.data.count == 1)
        }
        try await withTemporaryDirectory { directory in
            // The publisher does not take it.
            let refused = CollectionRecord(
                gateway: "gw-test",
                directory: directory,
                clock: SteadyClock(),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                publish: { _ in throw CancellationError() }
            )
            _ = await refused.started("alpha", roomID: "1", connection: 3)
            await #expect(throws: CancellationError.self) {
                try await refused.stoppedAll(
                    connection: 3,
                    because: .shutdown,
                    at: .now
                )
            }
            await refused.saveNow()
            let log = Log()
            try await record(directory, log, at: 1_790_000_099_000).recover()
            #expect(log.data.count == 1)
        }
    }

    @Test func `an end is forgotten only when the journal has it`() async throws {
        try await withTemporaryDirectory { directory in
            let time = Mutex<Int64>(1_790_000_000_000)
            let isCommitted = Mutex(false)
            let log = Log()
            let record = CollectionRecord(
                gateway: "gw-test",
                directory: directory,
                clock: SteadyClock(trusting: WallClock { Timestamp(rawValue: time.withLock { $0 }) }),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                isCommitted: { isCommitted.withLock { $0 } },
                publish: log.sink
            )
            let file = SessionFile(directory: directory)
            for login in ["alpha", "beta"] { _ = await record.started(login, roomID: "1", connection: 3) }
            try await record.stopped("alpha", connection: 3, because: .removed)
            #expect(try await file.remains().sessions.count == 2)
            // There is always something under way: what is older than a commit takes is safe.
            time.withLock { $0 += 3000 }
            try await record.stopped("beta", connection: 3, because: .removed)
            #expect(try await file.remains().sessions.map(\.login) == ["beta"])
            isCommitted.withLock { $0 = true }
            await record.saveNow()
            #expect(try await file.remains().sessions.isEmpty)
        }
    }

    @Test func `the ends of a crashed run are kept until the journal has them`() async throws {
        try await withTemporaryDirectory { directory in
            _ = await record(directory, Log(), at: 1_790_000_000_000).started("alpha", roomID: "1", connection: 3)
            let log = Log()
            let second = record(directory, log, at: 1_790_000_099_000, isDurable: false)
            try await second.recover()
            #expect(log.data.count == 1)
            #expect(try await SessionFile(directory: directory).remains().sessions.count == 1)
        }
    }

    @Test func `a lost connection's sessions end when it was last heard, never before they began`() async throws {
        try await withTemporaryDirectory { directory in
            let log = Log()
            let record = record(directory, log, at: 1_790_000_050_000)
            _ = await record.started("alpha", roomID: "1", connection: 3)
            try await record.stoppedAll(connection: 3, because: .connectionLost, at: .now - .seconds(99))
            #expect(log.data.first?.contains(Timestamp(rawValue: 1_790_000_050_000).description) == true)
        }
    }

    @Test func `a refused JOIN is told as the end of a session that never was`() async throws {
        try await withTemporaryDirectory { directory in
            let record = record(directory, Log(), at: 1_790_000_050_000)
            let data = String(
                decoding: record.refused("alpha", .suspended, connection: 3).data,
                as: UTF8.self
            )
            #expect(data.contains(#""reason":"refused_suspended""#) && data.contains(#""stopped_at""#))
            #expect(JoinRefusal.allCases.allSatisfy { $0.refusalReason.rawValue == "refused_" + $0.rawValue })
        }
    }

    @Test func `there is no sign of life while what is heard cannot be kept`() async throws {
        try await withTemporaryDirectory { directory in
            let file = SessionFile(directory: directory)
            try await file.save { [] }
            for isDurable in [false, true] {
                let record = record(directory, Log(), at: 7, isDurable: isDurable)
                let living = Task { await record.keepAlive() }
                if isDurable {
                    try await eventually("a sign of life") {
                        try await file.remains().lastAlive == Timestamp(rawValue: 7)
                    }
                }
                living.cancel()
                await living.value
                if !isDurable { #expect(try await file.remains().lastAlive == nil) }
            }
        }
    }

    @Test func `a clean end leaves nothing to tell`() async throws {
        try await withTemporaryDirectory { directory in
            let log = Log()
            let record = record(directory, log, at: 5)
            #expect(await record.started("alpha", roomID: "1", connection: 1) != nil)
            #expect(await record.started("alpha", roomID: "1", connection: 1) == nil, "it is open already")
            #expect(
                await record.started("alpha", roomID: "1", connection: 2) != nil,
                "another connection, another session"
            )
            try await record.stoppedAll(connection: 1, because: .moved, at: .now)
            try await record.stoppedAll(connection: 2, because: .shutdown, at: .now)
            try await record.stoppedAll(connection: 2, because: .shutdown, at: .now)
            #expect(log.data.count == 2)
            let next = Log()
            try await self.record(directory, next, at: 6).recover()
            #expect(next.data.isEmpty)
        }
    }

    @Test func `a damaged file stops nobody`() async throws {
        try await withTemporaryDirectory { directory in
            try Data("{not json".utf8).write(to: URL(fileURLWithPath: directory + "/sessions.json"))
            let log = Log()
            try await record(directory, log, at: 5).recover()
            #expect(log.data.isEmpty)
        }
    }
}
