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
        /// The database cannot be used.
        case failed(EventStoreError)
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
        while true {
            let error: EventStoreError
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
            switch retry.failed(error, stopping: Task.isShuttingDownGracefully) {
            case .retry(let wait, let isFirst):
                await pause(wait, because: error, isFirst: isFirst)
            case .verify(let wait, let isFirst):
                await pause(wait, because: error, isFirst: isFirst)
                switch await state(of: batch) {
                case .stored:
                    reportRecovery()
                    return .committed
                case .overtaken: return .fenced
                case .notStored, nil: continue
                }
            case .bisect: return await bisect(batch, refused: error)
            case .fail: return .failed(error)
            case .abandon: return .abandoned
            }
        }
    }

    /// Reads the committed offsets of producers, trying until the database answers. Nil when the process stops first.
    func offsets(of producer: String) async throws(EventStoreError) -> [Int: Offset]? {
        try await persistently { () async throws(EventStoreError) in try await store.offsets(of: producer) }
    }

    /// Takes a fair share of the partitions and says whom this writer hears, trying until the database answers. Nil when the
    /// process stops first.
    func rebalance(hearing heard: [HeardProducer]) async throws(EventStoreError) -> Ownership? {
        try await persistently { () async throws(EventStoreError) in try await store.rebalance(hearing: heard) }
    }

    private func persistently<Value>(
        _ ask: () async throws(EventStoreError) -> Value
    ) async throws(EventStoreError) -> Value? {
        var retry = CommitRetry()
        while true {
            let error: EventStoreError
            do throws(EventStoreError) {
                let value = try await ask()
                if retry.succeeded() { reportRecovery() }
                return value
            } catch let failure {
                error = failure
            }
            switch retry.failed(error, stopping: Task.isShuttingDownGracefully) {
            case .retry(let wait, let isFirst), .verify(let wait, let isFirst):
                await pause(wait, because: error, isFirst: isFirst)
            case .abandon: return nil
            case .bisect, .fail: throw error
            }
        }
    }

    /// Stores all but the refused event, which becomes a dead letter: one event never stops the archive.
    private func bisect(_ batch: PendingBatch, refused error: EventStoreError) async -> Result {
        if let (first, second) = batch.halves {
            let result = await commit(first)
            return result == .committed ? await commit(second) : result
        }
        guard let item = batch.items.first, let letter = item.deadLetter(because: "refused: \(error.message)") else {
            return .failed(error)
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
            guard let found = try? await self.offsets(of: producer) else { return nil }
            for (partition, offset) in found {
                offsets[PartitionKey(producer: producer, partition: partition)] = offset
            }
        }
        return batch.state(in: offsets)
    }

    private func pause(_ wait: Duration, because error: EventStoreError, isFirst: Bool) async {
        metrics.retried(error)
        if isFirst {
            health.report("database", reason: error.description)
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
