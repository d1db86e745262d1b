import EventStore
import Protocol
import ServiceRuntime
import Synchronization
import TestSupport
import Testing

@testable import writer

/// A writer that shares its database: what it does not have it leaves alone.
@Suite struct SharingTests {
    @Test func `what belongs to another writer is neither stored nor acknowledged, until it is ours`() async throws {
        try await Archive.with { archive in
            var events = ConformanceEvents()
            archive.source.append(events.messages(30))
            archive.source.announce("gw-7f3a")
            let store = SharingStore(archive.store)
            store.share = [3, 4]
            var loop = try await archive.loop(store)
            let running = Task { try await loop.run() }
            try await eventually("it has looked twice") { store.looks >= 2 }
            #expect(archive.source.acknowledged["gw-7f3a"] == [:])
            #expect(try await archive.rows("SELECT count(*) FROM chat_messages") == [["0"]])
            store.share = [7]
            try await eventually("it has taken over") { archive.source.acknowledged["gw-7f3a"]?[7]?.sequence == 30 }
            #expect(archive.source.acknowledged["gw-7f3a"]?.count == 1)
            store.share = []
            let looks = store.looks
            try await eventually("it has given up") { store.looks >= looks + 2 }
            #expect(archive.health.parts.contains { $0.name == "partitions" && $0.reason?.contains("standby") == true })
            archive.source.stop()
            try await running.value
            #expect(try await archive.rows("SELECT count(*) FROM chat_messages") == [["30"]])
            await store.close()
        }
    }
}

/// A real store whose share of the partitions is a test's decision.
private final class SharingStore: EventStore {
    private let store: any EventStore
    private struct State {
        var share: Set<Int> = []
        var looks = 0
        var unheard: [UnheardProducer] = []
    }

    private let state = Mutex(State())

    init(_ store: any EventStore) {
        self.store = store
    }

    var share: Set<Int> {
        get { state.withLock { $0.share } }
        set { state.withLock { $0.share = newValue } }
    }

    var looks: Int { state.withLock { $0.looks } }

    var sharesPartitions: Bool { true }

    func rebalance(hearing heard: [HeardProducer]) async throws(EventStoreError) -> Ownership {
        state.withLock { state in
            state.looks += 1
            let producers = Dictionary(heard.map { ($0.producer, state.share) }) { $1 }
            return Ownership(partitions: state.share, producers: producers, unheard: state.unheard)
        }
    }

    var unheard: [UnheardProducer] {
        get { state.withLock { $0.unheard } }
        set { state.withLock { $0.unheard = newValue } }
    }

    func claim() async throws(EventStoreError) -> Bool { try await store.claim() }

    func open() async throws(EventStoreError) -> String { try await store.open() }

    func offsets(of producer: String) async throws(EventStoreError) -> [Int: Offset] {
        try await store.offsets(of: producer)
    }

    func commit(_ batch: StoreBatch) async throws(EventStoreError) -> CommitOutcome { try await store.commit(batch) }

    func settleAttribution(rows: Int) async throws(EventStoreError) -> AttributionProgress {
        try await store.settleAttribution(rows: rows)
    }

    func rehearse(_ events: [Envelope]) async throws(EventStoreError) { try await store.rehearse(events) }

    func close() async { await store.close() }
}
