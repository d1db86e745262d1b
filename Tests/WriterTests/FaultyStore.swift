import EventStore
import Protocol
import Synchronization

/// A real store whose connection has scripted faults.
final class FaultyStore: EventStore {
    enum Fault: Hashable, Sendable {
        /// The call does nothing and fails.
        case refuse(EventStoreError.Code)
        /// The commit is made, and its answer is lost.
        case loseAnswer
        /// The commit is not made, and nobody knows.
        case loseCommit
    }

    private let store: any EventStore
    private let faults: Mutex<[Fault]>
    private let attempts = Atomic<Int>(0)
    private let always: Mutex<EventStoreError.Code?>

    init(_ store: any EventStore, faults: [Fault] = [], always: EventStoreError.Code? = nil) {
        self.store = store
        self.faults = Mutex(faults)
        self.always = Mutex(always)
    }

    var commits: Int { attempts.load(ordering: .relaxed) }

    func heal() { always.withLock { $0 = nil } }

    func claim() async throws(EventStoreError) -> Bool { try await store.claim() }

    func open() async throws(EventStoreError) -> String { try await store.open() }

    func offsets(of producer: String) async throws(EventStoreError) -> [Int: Offset] {
        try await store.offsets(of: producer)
    }

    func commit(_ batch: StoreBatch) async throws(EventStoreError) -> CommitOutcome {
        attempts.add(1, ordering: .relaxed)
        if let code = always.withLock({ $0 }) { throw Self.error(code) }
        let fault = faults.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        switch fault {
        case nil: return try await store.commit(batch)
        case .refuse(let code): throw Self.error(code)
        case .loseCommit: throw Self.error(.commitOutcomeUnknown)
        case .loseAnswer:
            _ = try await store.commit(batch)
            throw Self.error(.commitOutcomeUnknown)
        }
    }

    func settleAttribution(rows: Int) async throws(EventStoreError) -> AttributionProgress {
        if let code = always.withLock({ $0 }) { throw Self.error(code) }
        return try await store.settleAttribution(rows: rows)
    }

    func rehearse(_ events: [Envelope]) async throws(EventStoreError) { try await store.rehearse(events) }

    func close() async { await store.close() }

    private static func error(_ code: EventStoreError.Code) -> EventStoreError {
        EventStoreError(code, operation: "commit", message: "scripted")
    }
}
