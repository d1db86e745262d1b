import Synchronization

/// A batch whose transaction is under way while the next one is collected. Whoever starts one awaits its result.
final class CommitInFlight: Sendable {
    let batch: PendingBatch
    private let task: Task<BatchCommitter.Result, Never>
    private let finished: Finished

    private init(batch: PendingBatch, task: Task<BatchCommitter.Result, Never>, finished: Finished) {
        self.batch = batch
        self.task = task
        self.finished = finished
    }

    static func start(_ batch: PendingBatch, with committer: BatchCommitter) -> CommitInFlight {
        let finished = Finished()
        let task = Task(executorPreference: committer.time.executor) {
            defer { finished.flag.store(true, ordering: .releasing) }
            return await committer.commit(batch)
        }
        return CommitInFlight(batch: batch, task: task, finished: finished)
    }

    /// Whether `result` is there already.
    var isFinished: Bool { finished.flag.load(ordering: .acquiring) }

    var result: BatchCommitter.Result {
        get async { await task.value }
    }

    private final class Finished: Sendable {
        let flag = Atomic<Bool>(false)
    }
}
