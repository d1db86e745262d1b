import Foundation
import Logging
import Metrics
import Protocol
import ZeroMQ

/// The commit thread: takes what was queued, commits it as one group, then sends it live.
final class CommitLoop {
    private static let largestCommit = 2000
    private static let largestCommitBytes = 4 << 20

    private let queue: DraftQueue
    private let wakeUp: WakeUp
    private let served: ServedJournal
    private let timing: PublisherTiming
    private let metrics: PublisherMetrics
    private let onTrouble: @Sendable (String?) -> Void
    private let logger: Logger

    init(
        _ queue: DraftQueue,
        wokenBy wakeUp: WakeUp,
        into served: ServedJournal,
        timing: PublisherTiming,
        metrics: PublisherMetrics,
        onTrouble: @escaping @Sendable (String?) -> Void,
        logger: Logger
    ) {
        self.queue = queue
        self.wakeUp = wakeUp
        self.served = served
        self.timing = timing
        self.metrics = metrics
        self.onTrouble = onTrouble
        self.logger = logger
    }

    /// Commits until the queue is closed and empty.
    func run() throws {
        var lastCommit: ContinuousClock.Instant?
        metrics.journalStuck.record(0)
        while true {
            let count = queue.count
            if count == 0 {
                if queue.isClosed { return }
                try wakeUp.wait(nil)
                continue
            }
            if let lastCommit, count < Self.largestCommit, !queue.isClosed {
                let pause = timing.commitPause - (.now - lastCommit)
                if pause > .zero { Thread.sleep(forTimeInterval: pause / .seconds(1)) }
            }
            lastCommit = .now
            let batch = queue.take(Self.largestCommit, bytes: Self.largestCommitBytes)
            guard let events = try commit(batch) else { return }
            try served.sockets.publish(events)
            metrics.published.increment(by: events.count)
            metrics.queueDepth.record(queue.count)
        }
    }

    /// Commits a batch, however often it takes; meanwhile the queue fills and publishers wait.
    /// - Returns: Nil if the publisher stops and the disk still refuses.
    private func commit(_ batch: [EventDraft]) throws -> [JournalEvent]? {
        var backoff = Backoff(first: .milliseconds(50), longest: .seconds(2))
        var isInTrouble = false
        var closedAt: ContinuousClock.Instant?
        while true {
            do throws(JournalError) {
                let events = try served.journal.append(batch)
                metrics.accepted.increment(by: events.count)
                metrics.commits.increment()
                queue.committed()
                if isInTrouble {
                    logger.info("the journal is written again")
                    metrics.journalStuck.record(0)
                    onTrouble(nil)
                }
                return events
            } catch {
                metrics.commitFailures.increment()
                guard error.isRetriable else { throw error }
                if !isInTrouble {
                    logger.warning(
                        "the journal cannot be written; events wait in memory",
                        metadata: ["error": "\(error)"]
                    )
                    metrics.journalStuck.record(1)
                    onTrouble("\(error)")
                }
                isInTrouble = true
                metrics.queueDepth.record(queue.uncommitted)
                if queue.isClosed, closedAt == nil { closedAt = .now }
                if let closedAt, .now - closedAt >= timing.drain {
                    logger.error(
                        "stopped with events that the journal never took",
                        metadata: ["count": "\(batch.count + queue.count)", "error": "\(error)"]
                    )
                    return nil
                }
                try wakeUp.wait(min(backoff.failed(), queue.isClosed ? .milliseconds(250) : .seconds(2)))
            }
        }
    }
}
