import EventStore
import Protocol

@testable import writer

/// One writer's connection to the database, as a store: it asks, and waits until the simulation lets it have an answer.
///
/// `@unchecked`: all tasks of a simulation run on its one thread.
final class SimulatedStore: EventStore, @unchecked Sendable {
    enum Question {
        case offsets(String)
        case commit(StoreBatch)
        case rebalance([HeardProducer])
    }

    enum Answer {
        case offsets([Int: Offset])
        case outcome(CommitOutcome)
        case share(Ownership)
        case failure(EventStoreError.Code)
    }

    /// A question under way.
    final class Call {
        let question: Question
        private let continuation: CheckedContinuation<Answer, Never>
        /// What the database has said; the writer does not know it yet.
        var answer: Answer?

        init(_ question: Question, _ continuation: CheckedContinuation<Answer, Never>) {
            self.question = question
            self.continuation = continuation
        }

        func finish(_ answer: Answer) { continuation.resume(returning: answer) }
    }

    private let ablations: Set<Ablation>
    private(set) var calls: [Call] = []
    /// Nil until the database is asked for the first time, and after the session was lost.
    private(set) var session: Int?
    private var owned: [String: Set<Int>] = [:]
    /// What this writer believes to be stored; only ablations ask it.
    private var remembered: [String: [Int: Offset]] = [:]
    /// A truncation of this producer is looked at next.
    var examined: String?
    private var isClosed = false

    init(ablations: Set<Ablation>) {
        self.ablations = ablations
    }

    // MARK: The writer's side

    let sharesPartitions = true

    func claim() async -> Bool { true }

    func open() async -> String { "database" }

    func rehearse(_ events: [Envelope]) async {}

    func close() async {}

    func settleAttribution(rows: Int) async -> AttributionProgress {
        AttributionProgress(examined: 0, changed: 0, isUnfinished: false)
    }

    func offsets(of producer: String) async throws(EventStoreError) -> [Int: Offset] {
        if let believed = remembered[producer], believes(producer) { return believed }
        guard case .offsets(let offsets) = try await ask(.offsets(producer)) else { return [:] }
        remembered[producer] = offsets
        return offsets
    }

    func rebalance(hearing heard: [HeardProducer]) async throws(EventStoreError) -> Ownership {
        guard case .share(let share) = try await ask(.rebalance(heard)) else { return Ownership(partitions: []) }
        owned = share.producers
        return share
    }

    func commit(_ batch: StoreBatch) async throws(EventStoreError) -> CommitOutcome {
        guard batch.advances.allSatisfy({ owned[$0.producer]?.contains($0.partition) == true }) else { return .fenced }
        do throws(EventStoreError) {
            guard case .outcome(let outcome) = try await ask(.commit(batch)) else { return .fenced }
            if case .committed = outcome { remember(batch) }
            return outcome
        } catch {
            guard error.code == .commitOutcomeUnknown, ablations.contains(.rereadOffsets) else { throw error }
            remember(batch)
            return .committed(inserted: batch.events.count, duplicates: 0)
        }
    }

    private func believes(_ producer: String) -> Bool {
        if ablations.contains(.rereadOffsets) { return true }
        defer { if examined == producer { examined = nil } }
        return ablations.contains(.rereadBeforeTruncation) && examined == producer
    }

    private func remember(_ batch: StoreBatch) {
        for advance in batch.advances { remembered[advance.producer, default: [:]][advance.partition] = advance.next }
    }

    private func ask(_ question: Question) async throws(EventStoreError) -> Answer {
        let answer: Answer =
            isClosed
            ? .failure(.closed)
            : await withCheckedContinuation { calls.append(Call(question, $0)) }
        guard case .failure(let code) = answer else { return answer }
        throw EventStoreError(code, operation: "simulated", message: "scripted")
    }

    // MARK: The simulation's side

    func connected(as session: Int) { self.session = session }

    /// The writer learns what has become of a call.
    func finish(_ call: Call, _ answer: Answer) {
        calls.removeAll { $0 === call }
        call.finish(answer)
    }

    /// The connection is gone: what is not answered fails, and the next question connects anew, without any lock.
    func disconnect(_ failure: (Call) -> EventStoreError.Code) {
        session = nil
        owned = [:]
        for call in calls { call.answer = .failure(failure(call)) }
    }

    /// The process is gone: nothing is asked any more, and its tasks end.
    func kill() {
        isClosed = true
        session = nil
        let open = calls
        calls = []
        for call in open { call.finish(.failure(.closed)) }
    }
}
