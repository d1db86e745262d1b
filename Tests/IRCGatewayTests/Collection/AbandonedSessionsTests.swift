import EventBus
import Foundation
import Logging
import Protocol
import TestSupport
import Testing

@testable import irc_gateway

@Suite struct AbandonedSessionsTests {
    private static let now: Int64 = 1_790_000_099_000

    private func abandoned(_ directory: String, _ log: CollectionRecordTests.Log) -> AbandonedSessions {
        AbandonedSessions(
            stateDirectory: directory,
            service: "irc-gateway",
            clock: SteadyClock(trusting: WallClock { Timestamp(rawValue: Self.now) }),
            boot: { nil },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            isDurable: { true },
            publish: log.sink
        )
    }

    /// A slot with an open session; whoever lived in it was last alive so many seconds ago.
    private func slot(in directory: String, aliveBefore seconds: Int64) async throws -> JournalSlot {
        let slot = try JournalSlot.claim(stateDirectory: directory, service: "irc-gateway", prefix: "gw")
        let record = CollectionRecordTests().record(slot.directory, CollectionRecordTests.Log(), at: Self.now - 60_000)
        _ = await record.started("alpha", roomID: "1", connection: 3)
        try await SessionFile(directory: slot.directory).touch(at: Timestamp(rawValue: Self.now - seconds * 1000))
        return slot
    }

    @Test func `who died and did not come back has its sessions ended, once, under its own name`() async throws {
        try await withTemporaryDirectory { directory in
            let slot = try await slot(in: directory, aliveBefore: 20)
            let log = CollectionRecordTests.Log()
            let abandoned = abandoned(directory, log)
            var told = AbandonedSessions.Told()
            await abandoned.look(&told)
            #expect(log.data.isEmpty, "it lives")
            slot.close()
            for _ in 0..<3 { await abandoned.look(&told) }
            #expect(log.data.count == 1)
            let end = log.data.first ?? ""
            #expect(end.contains(#""reason":"crashed""#) && end.contains(#""gateway":"\#(slot.producer)""#))
            #expect(end.contains(Timestamp(rawValue: Self.now - 20_000).description))
            #expect(!SessionFile.mayHoldSessions(slot.directory))
            // The slot is free for whoever starts next.
            #expect(try JournalSlot.claim(stateDirectory: directory, service: "irc-gateway", prefix: "gw").number == 0)
        }
    }

    @Test func `who may be on its way back ends its sessions itself`() async throws {
        try await withTemporaryDirectory { directory in
            let slot = try await slot(in: directory, aliveBefore: 5)
            slot.close()
            let log = CollectionRecordTests.Log()
            var told = AbandonedSessions.Told()
            await abandoned(directory, log).look(&told)
            #expect(log.data.isEmpty)
            #expect(SessionFile.mayHoldSessions(slot.directory))
        }
    }
}
