import EventBus
import EventStore
import Protocol
import SQLiteStore
import ServiceRuntime
import TestSupport
import Testing

@testable import writer

@Suite struct ArchiveLoopTests {
    @Test func `everything that the bus delivers is stored once and acknowledged`() async throws {
        try await Archive.with { archive in
            var one = ConformanceEvents()
            var two = ConformanceEvents(producer: "gw-other")
            let first = one.messages(105)
            let second = two.messages(33, "o")
            archive.source.append(first)
            archive.source.append(second)
            try await archive.run(archive.store, producers: ["gw-7f3a", "gw-other"])
            #expect(try await archive.rows("SELECT count(*) FROM chat_messages") == [["138"]])
            #expect(archive.source.acknowledged["gw-7f3a"] == [7: try #require(first.last).offset])
            #expect(archive.source.acknowledged["gw-other"] == [7: try #require(second.last).offset])
        }
    }

    @Test func `a restarted writer continues behind what is stored`() async throws {
        try await Archive.with { archive in
            var events = ConformanceEvents()
            archive.source.append(events.messages(25))
            try await archive.run(archive.store)
            let again = Archive(path: archive.path)
            again.source.append(events.messages(25, "later"))
            try await again.run(again.store)
            #expect(try await archive.rows("SELECT count(*) FROM chat_messages") == [["50"]])
        }
    }

    @Test func `what cannot be read becomes a dead letter and stops nothing`() async throws {
        try await Archive.with { archive in
            var events = ConformanceEvents()
            var received = events.messages(6).map { ReceivedEvent($0) }
            received[1].frame = Array("chat.p07.quietharbor.x\n{\"specversion\"".utf8)
            received[1].jsonStart = 23
            let json = String(decoding: received[3].frame, as: UTF8.self)
            received[3].frame = Array(
                json.replacing(#""type":"channel.chat.message""#, with: #""type":"channel.later""#).utf8
            )
            received[4].frame = received[5].frame
            archive.source.append(received)
            try await archive.run(archive.store)
            #expect(try await archive.rows("SELECT id FROM chat_messages ORDER BY id") == [["m1"], ["m3"], ["m6"]])
            let letters = try await archive.rows("SELECT reason, length(frame) FROM dead_letters ORDER BY \"offset\"")
            #expect(letters.map { $0[1] } == [1, 3, 4].map { "\(received[$0].frame.count)" })
            #expect(letters[0][0].hasPrefix("malformed"))
            #expect(letters[1][0] == "unknown type: channel.later")
            #expect(letters[2][0].contains("another place"))
            #expect(archive.source.acknowledged["gw-7f3a"] == [7: received[5].offset])
        }
    }

    @Test(arguments: [
        [FaultyStore.Fault.refuse(.locked), .refuse(.diskFull), .refuse(.unavailable), .refuse(.readOnly)],
        [.loseAnswer, .loseAnswer, .refuse(.locked), .loseAnswer],
        [.loseCommit, .loseCommit, .loseAnswer, .loseCommit],
    ])
    func `faults of the database lose and double nothing`(_ faults: [FaultyStore.Fault]) async throws {
        try await Archive.with { archive in
            var events = ConformanceEvents()
            archive.source.append(events.messages(200))
            let store = FaultyStore(archive.store, faults: faults)
            try await archive.run(store)
            #expect(try await archive.rows("SELECT count(*) FROM chat_messages") == [["200"]])
            #expect(store.commits > 5)
            #expect(archive.source.follows == 1, "a fault is no reason to go back")
            #expect(archive.health.parts.allSatisfy { $0.reason == nil })
        }
    }

    @Test func `while the database does not answer, one batch and one grown to its limit are held`() async throws {
        try await Archive.with { archive in
            var events = ConformanceEvents()
            archive.source.append(events.messages(500))
            let store = FaultyStore(archive.store, always: .locked)
            archive.source.announce("gw-7f3a")
            var loop = try await archive.loop(store)
            archive.source.stop()
            async let running: Void = loop.run()
            try await eventually("several attempts were made") { store.commits > 4 }
            #expect(archive.source.delivered <= 10 + 10 * BatchBuilder.Limits.growth)
            #expect(archive.health.parts.contains { $0.name == "database" && $0.reason != nil })
            store.heal()
            try await running
            await store.close()
            #expect(try await archive.rows("SELECT count(*) FROM chat_messages") == [["500"]])
        }
    }

    @Test func `a rival writer fences us: we go on behind it, and nothing is doubled`() async throws {
        try await Archive.with { archive in
            var events = ConformanceEvents()
            let messages = events.messages(60)
            archive.source.append(messages)
            let rival = archive.store
            _ = try await rival.open()
            let quicker = events.batch(Array(messages[..<15]), base: .zero).batch
            let store = RivalledStore(archive.store) {
                _ = try? await rival.commit(quicker)
            }
            try await archive.run(store)
            await rival.close()
            #expect(try await archive.rows("SELECT count(*), count(DISTINCT id) FROM chat_messages") == [["60", "60"]])
            #expect(archive.source.follows == 2)
        }
    }

    @Test func `an event that the database refuses becomes a dead letter, and its neighbours are stored`() async throws
    {
        try await Archive.with { archive in
            let store = archive.store
            _ = try await store.open()
            _ = try await archive.rows(
                """
                CREATE TRIGGER poison BEFORE INSERT ON chat_messages WHEN NEW.id IN ('m4', 'm17')
                BEGIN SELECT RAISE(ABORT, 'poisoned'); END
                """
            )
            var events = ConformanceEvents()
            archive.source.append(events.messages(20))
            try await archive.run(store)
            #expect(try await archive.rows("SELECT count(*) FROM chat_messages") == [["18"]])
            #expect(
                try await archive.rows("SELECT DISTINCT reason FROM dead_letters") == [["refused: poisoned"]]
            )
            #expect(try await archive.rows("SELECT count(*) FROM dead_letters") == [["2"]])
        }
    }

    @Test func `events that the journal no longer has are recorded as a gap`() async throws {
        try await Archive.with { archive in
            var events = ConformanceEvents()
            let messages = events.messages(10)
            archive.source.append(Array(messages[..<3]))
            try await archive.run(archive.store)
            let again = Archive(path: archive.path)
            again.source.append(Array(messages[7...]))
            again.source.truncate("gw-7f3a", after: messages[2].offset, through: messages[6].offset)
            try await again.run(again.store)
            #expect(try await archive.rows("SELECT count(*) FROM chat_messages") == [["6"]])
            #expect(
                try await archive.rows("SELECT after_offset, through_offset FROM collection_gaps")
                    == [["\(messages[2].offset.rawValue)", "\(messages[6].offset.rawValue)"]]
            )
        }
    }

    @Test func `a gap that another writer has passed is not recorded`() async throws {
        try await Archive.with { archive in
            var events = ConformanceEvents()
            let messages = events.messages(10)
            archive.source.append(messages)
            try await archive.run(archive.store)
            let again = Archive(path: archive.path)
            again.source.append(Array(messages[7...]))
            again.source.announce("gw-7f3a")
            again.source.announce(
                .truncated(producer: "gw-7f3a", partition: 7, after: .zero, through: messages[6].offset)
            )
            try await again.run(again.store, producers: [])
            #expect(try await archive.rows("SELECT count(*) FROM collection_gaps") == [["0"]])
        }
    }

    @Test func `a producer with another number of partitions is refused`() async throws {
        try await Archive.with { archive in
            archive.source.announce(
                .producer(ProducerHello(service: "irc-gateway", producer: "gw", epoch: 1, partitions: 16))
            )
            let store = archive.store
            var loop = try await archive.loop(store)
            await #expect {
                try await loop.run()
            } throws: { error in
                (error as? ServiceFailure)?.exitStatus == .configuration && "\(error)".contains("16 partitions")
            }
            await store.close()
        }
    }
}

/// A store before whose first commit somebody else is quicker.
private actor RivalledStore: EventStore {
    private let store: any EventStore
    private var rival: (@Sendable () async -> Void)?

    init(_ store: any EventStore, _ rival: @escaping @Sendable () async -> Void) {
        self.store = store
        self.rival = rival
    }

    func claim() async throws(EventStoreError) -> Bool { try await store.claim() }

    func open() async throws(EventStoreError) -> String { try await store.open() }

    func offsets(of producer: String) async throws(EventStoreError) -> [Int: Offset] {
        try await store.offsets(of: producer)
    }

    func commit(_ batch: StoreBatch) async throws(EventStoreError) -> CommitOutcome {
        if let rival {
            self.rival = nil
            await rival()
        }
        return try await store.commit(batch)
    }

    func settleAttribution(rows: Int) async throws(EventStoreError) -> AttributionProgress {
        try await store.settleAttribution(rows: rows)
    }

    func rehearse(_ events: [Envelope]) async throws(EventStoreError) { try await store.rehearse(events) }

    func close() async { await store.close() }
}
