import EventBus
import EventStore
import Foundation
import Protocol
import SQLiteStore
import ServiceRuntime
import TestSupport
import Testing

@testable import writer

/// A writer whose database is not the one that a journal is kept for.
@Suite struct ForeignJournalTests {
    /// Twenty times as fast as the machine.
    private static func hurried() -> LoopTime {
        let start = ContinuousClock.now
        return LoopTime(
            now: { start + (ContinuousClock.now - start) * 20 },
            sleep: { try? await Task.sleep(for: $0 / 20) }
        )
    }

    @Test func `not one row of a refusing producer is stored, and the others go on`() async throws {
        try await Archive.with { archive in
            var events = ConformanceEvents()
            var others = ConformanceEvents(producer: "gw-other")
            archive.source.append(events.messages(40))
            archive.source.append(others.messages(30, "o"))
            archive.source.refuse("gw-7f3a")
            archive.source.announce("gw-7f3a")
            archive.source.announce("gw-other")
            let store = archive.store
            var loop = try await archive.loop(store, time: Self.hurried())
            let running = Task { try await loop.run() }
            try await eventually("the other one is stored") {
                archive.source.acknowledged["gw-other"]?[7]?.sequence == 30
            }
            #expect(archive.reason("acknowledgements")?.contains("gw-7f3a") == true)
            #expect(archive.reason("acknowledgements")?.contains("WRITER_NEW_ARCHIVE") == true)
            #expect(try await archive.rows("SELECT count(*) FROM chat_messages") == [["30"]])

            archive.source.refuse("gw-7f3a", false)
            try await eventually("it was asked again, and is stored") {
                archive.source.acknowledged["gw-7f3a"]?[7]?.sequence == 40
            }
            #expect(archive.reason("acknowledgements") == nil)
            archive.source.stop()
            try await running.value
            await store.close()
            #expect(try await archive.rows("SELECT count(*) FROM chat_messages") == [["70"]])
        }
    }

    @Test func `a producer that refuses later is left alone from then on`() async throws {
        try await Archive.with { archive in
            var events = ConformanceEvents()
            archive.source.append(events.messages(10))
            archive.source.announce("gw-7f3a")
            let store = archive.store
            var loop = try await archive.loop(store)
            let running = Task { try await loop.run() }
            try await eventually("it is stored") { archive.source.acknowledged["gw-7f3a"]?[7]?.sequence == 10 }
            archive.source.announce(.acknowledged(producer: "gw-7f3a", refusal: "another database"))
            try await eventually("it is not ready") { archive.reason("acknowledgements") != nil }
            archive.source.append(events.messages(10, "later"))
            archive.source.stop()
            try await running.value
            await store.close()
            #expect(try await archive.rows("SELECT count(*) FROM chat_messages") == [["10"]])
        }
    }

    @Test func `who was asked is asked again after a while, and may be followed once`() {
        let now = ContinuousClock.now
        var consent = ProducerConsent()
        #expect(consent.due(at: now).isEmpty)
        consent.ask("b", at: now)
        consent.ask("a", at: now)
        #expect(consent.obstacle == nil, "it has not refused")
        #expect(consent.due(at: now + .seconds(9)).isEmpty)
        #expect(consent.due(at: now + .seconds(10)) == ["a", "b"])
        let mayFollow = [false, true, true].map { consent.answered("a", isRefused: !$0) }
        #expect(mayFollow == [false, true, false])
        _ = consent.answered("b", isRefused: true)
        #expect(consent.obstacle?.contains("journal of b is kept") == true)
    }
}
