import EventStore
import Logging
import Protocol
import ServiceRuntime
import TestSupport

@testable import writer

/// A writer process: production's loop, batches and commits, between a simulated bus and a simulated database.
final class SimulatedWriter {
    let store: SimulatedStore
    let source: SimulatedSource
    var isPaused = false
    /// When a paused one goes on.
    var pausedUntil = Duration.zero
    private let task: Task<Void, any Error>

    init(
        queueLimit: Int,
        batchRows: Int,
        ablations: Set<Ablation>,
        clock: SimulatedClock,
        executor: StepExecutor,
        metrics: WriterMetrics
    ) throws {
        let store = SimulatedStore(ablations: ablations)
        let source = SimulatedSource(
            try SimulatedFollower(queueLimit: queueLimit, clock: clock),
            clock: clock,
            store: store
        )
        self.store = store
        self.source = source
        let time = LoopTime(now: { clock.now }, sleep: { _ in await source.sleep() }, executor: executor)
        let committer = BatchCommitter(
            store: store,
            metrics: metrics,
            health: Health(),
            clock: WallClock { clock.wall },
            logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() },
            time: time
        )
        task = Task(executorPreference: executor) {
            defer { source.hasEnded = true }
            var loop = ArchiveLoop(
                source: source,
                committer: committer,
                database: "database",
                limits: BatchBuilder.Limits(rows: batchRows, bytes: 1 << 20),
                delay: .milliseconds(100)
            )
            try await loop.run()
        }
    }

    var follower: SimulatedFollower { source.follower }

    /// `kill -9`: its tasks end without another word to anybody.
    func kill() {
        store.kill()
        source.kill()
        task.cancel()
    }
}
