import Metrics
import Protocol

/// What came of the questions to a history service.
struct BackfillMetrics: Sendable {
    let waiting = Gauge(label: "irc_backfill_holes_waiting")
    let lines = Counter(label: "irc_backfill_lines_total")
    private let complete = Counter(label: "irc_backfills_total", dimensions: [("outcome", "complete")])
    private let partial = Counter(label: "irc_backfills_total", dimensions: [("outcome", "partial")])
    private let failed = Counter(label: "irc_backfills_total", dimensions: [("outcome", "failed")])

    func finished(_ result: CollectionBackfilled) {
        let counter = result.failure != nil ? failed : result.isComplete ? complete : partial
        counter.increment()
    }
}
