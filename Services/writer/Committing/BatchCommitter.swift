import EventStore
import Logging
import Protocol
import ServiceLifecycle
import ServiceRuntime

/// Brings one batch into the database, however long that takes.
struct BatchCommitter: Sendable {
    enum Result: Hashable, Sendable {
        case committed
        /// Another writer moved an offset: begin again at the committed ones.
        case fenced
        /// The process is stopping and the database does not answer.
        case abandoned
    }

    let store: any EventStore
    let metrics: WriterMetrics
    let health: Health
    let clock: WallClock
    let logger: Logger
    var time = LoopTime.system

    func commit(_ batch: PendingBatch) async -> Result {
        let storeBatch = batch.storeBatch
        var retry = CommitRetry()
        var refusals = 0
        while true {
            var error: EventStoreError
            let started = time.now()
            do throws(EventStoreError) {
                let outcome = try await store.commit(storeBatch)
                if retry.succeeded() { reportRecovery() }
                guard case .committed(_, let duplicates) = outcome else { return .fenced }
                metrics.committed(
                    storeBatch,
                    duplicates: duplicates,
                    took: time.now() - started,
                    now: clock.now()
                )
                return .committed
            } catch let failure {
                error = failure
            }
            if error.code == .refused, let trouble = await troubleOfTables(for: batch, refused: error) {
                error = trouble
            }
            switch retry.failed(error, stopping: Task.isShuttingDownGracefully, at: time.now()) {
            case .retry(let wait, let isNews):
                await pause(wait, because: error, isNews: isNews)
            case .verify(let wait, let isNews):
                await pause(wait, because: error, isNews: isNews)
                switch await state(of: batch) {
                case .stored:
                    reportRecovery()
                    return .committed
                case .overtaken: return .fenced
                case .notStored, nil: continue
                }
            case .examine:
                if let (first, second) = batch.halves {
                    let result = await commit(first)
                    return result == .committed ? await commit(second) : result
                }
                // Refused twice, with rows taken in between that nothing is wrong with: what was over by then is no fault of it.
                refusals += 1
                if refusals > 1 { return await keepAsDeadLetter(batch, refused: error) }
            case .abandon: return .abandoned
            }
        }
    }

    /// Reads the committed offsets of producers, trying until the database answers. Nil when the process stops first.
    func offsets(of producer: String) async -> [Int: Offset]? {
        await persistently { () async throws(EventStoreError) in try await store.offsets(of: producer) }
    }

    /// Takes a fair share of the partitions and says whom this writer hears, trying until the database answers. Nil when the
    /// process stops first.
    func rebalance(hearing heard: [HeardProducer]) async -> Ownership? {
        await persistently { () async throws(EventStoreError) in try await store.rebalance(hearing: heard) }
    }

    /// Whether the database was replaced by an older state of itself, trying until there is one.
    func verify() async -> Bool {
        await persistently { () async throws(EventStoreError) in try await store.verify() } ?? false
    }

    private func persistently<Value>(_ ask: () async throws(EventStoreError) -> Value) async -> Value? {
        var retry = CommitRetry()
        while true {
            var error: EventStoreError
            do throws(EventStoreError) {
                let value = try await ask()
                if retry.succeeded() { reportRecovery() }
                return value
            } catch let failure {
                error = failure
            }
            // No row of ours is in a question.
            if error.code == .refused { error.code = .schema }
            switch retry.failed(error, stopping: Task.isShuttingDownGracefully, at: time.now()) {
            case .retry(let wait, let isNews), .verify(let wait, let isNews):
                await pause(wait, because: error, isNews: isNews)
            case .abandon, .examine: return nil
            }
        }
    }

    /// Why not even rows that nothing is wrong with are taken; nil when they are, so that a row is at fault.
    private func troubleOfTables(for batch: PendingBatch, refused error: EventStoreError) async -> EventStoreError? {
        let samples = batch.samples(at: clock.now())
        // A gap or a dead letter: there is nothing in it to be refused.
        guard !samples.isEmpty else { return error.ofTables }
        do throws(EventStoreError) {
            try await store.rehearse(samples)
            return nil
        } catch {
            return error.code == .refused ? error.ofTables : error
        }
    }

    /// Stores the step without its event, which becomes a dead letter: one event never stops the archive.
    private func keepAsDeadLetter(_ batch: PendingBatch, refused error: EventStoreError) async -> Result {
        guard let item = batch.items.first, let letter = item.deadLetter(because: "refused: \(error.message)") else {
            return .abandoned
        }
        logger.error(
            "the database refused an event; it is kept as a dead letter",
            metadata: .keyed([
                .producer: "\(item.key.producer)", .offset: "\(item.next)", .error: "\(error)",
            ])
        )
        return await commit(PendingBatch(items: [letter]))
    }

    private func state(of batch: PendingBatch) async -> PendingBatch.StoredState? {
        var offsets: [PartitionKey: Offset] = [:]
        for producer in batch.producers.sorted() {
            guard let found = await self.offsets(of: producer) else { return nil }
            for (partition, offset) in found {
                offsets[PartitionKey(producer: producer, partition: partition)] = offset
            }
        }
        return batch.state(in: offsets)
    }

    private func pause(_ wait: Duration, because error: EventStoreError, isNews: Bool) async {
        metrics.retried(error)
        // The newest cause: the first one may be long mended.
        health.report("database", reason: error.description)
        if isNews {
            logger.warning(
                "the database does not take events; trying until it does, nothing is lost",
                metadata: .keyed([.error: "\(error)"])
            )
        }
        await time.sleep(wait)
    }

    private func reportRecovery() {
        health.report("database", reason: nil)
        logger.info("the database takes events again")
    }
}

extension EventStoreError {
    /// The same where no row can be at fault.
    fileprivate var ofTables: EventStoreError {
        EventStoreError(.schema, operation: operation, message: "the tables refuse every row: \(message)")
    }
}
