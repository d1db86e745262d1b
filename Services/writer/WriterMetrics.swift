import EventStore
import Metrics
import Protocol

/// Every metric of the writer, in one place. Created once.
struct WriterMetrics: Sendable {
    private let rows: [EventType: Counter]
    private let duplicates = Counter(label: "writer_duplicates_total")
    private let deadLetters = Counter(label: "writer_dead_letters_total")
    private let gaps = Counter(label: "writer_gaps_total")
    private let rewinds = Counter(label: "writer_rewinds_total")
    private let discontinuities = Counter(label: "writer_discontinuities_total")
    private let attributed = Counter(label: "writer_attributed_rows_total")
    private let fences = Counter(label: "writer_fences_total")
    private let commitSeconds = Timer(label: "writer_commit_seconds")
    private let batchRows = Recorder(label: "writer_batch_rows")
    private let lag = Timer(label: "writer_lag_seconds")
    private let latestLag = Gauge(label: "writer_latest_lag_seconds")
    private let lastCommit = Gauge(label: "writer_last_commit_timestamp_seconds")
    private let partitions = Gauge(label: "writer_partitions_owned")
    private let retries: [EventStoreError.Code: Counter]

    init() {
        rows = Self.tables.mapValues { Counter(label: "writer_rows_committed_total", dimensions: [("table", $0)]) }
        let codes = EventStoreError.Code.allCases.filter { $0 != .closed && $0 != .refused }
        retries = Dictionary(
            uniqueKeysWithValues: codes.map {
                ($0, Counter(label: "writer_retries_total", dimensions: [("code", $0.rawValue)]))
            }
        )
    }

    /// A batch is in the database. Its rows count for their tables, also those that were there already.
    func committed(_ batch: StoreBatch, duplicates: Int, took: Duration, now: Timestamp) {
        var counts: [EventType: Int] = [:]
        var worst: Int64 = 0
        for envelope in batch.events {
            counts[envelope.event.type, default: 0] += 1
            // Our own clocks on both sides: Twitch's time would add how long the line took to reach us.
            worst = max(worst, now.rawValue - (envelope.event.receivedAt ?? envelope.time).rawValue)
        }
        for (type, count) in counts { rows[type]?.increment(by: count) }
        self.duplicates.increment(by: duplicates)
        deadLetters.increment(by: batch.deadLetters.count)
        gaps.increment(by: batch.gaps.count)
        commitSeconds.record(duration: took)
        batchRows.record(batch.events.count)
        lastCommit.record(Double(now.rawValue) / 1000)
        guard !batch.events.isEmpty else { return }
        lag.recordMilliseconds(worst)
        latestLag.record(Double(worst) / 1000)
    }

    func retried(_ error: EventStoreError) { retries[error.code]?.increment() }
    func owns(_ partitions: Int) { self.partitions.record(partitions) }
    /// Rows that got another `stream_id` after they were stored.
    func attributed(_ progress: AttributionProgress) { attributed.increment(by: progress.changed) }
    /// An offset was put back that its producer has never reached.
    func rewound() { rewinds.increment() }
    func fenced() { fences.increment() }
    func discontinuous() { discontinuities.increment() }

    private static let tables: [EventType: String] = [
        .chatMessage: "chat_messages",
        .chatNotification: "chat_notifications",
        .chatMessageDelete: "message_deleted_events",
        .chatClear: "chat_clears",
        .ban: "user_banned_events",
        .unban: "user_unbanned_events",
        .chatSettingsUpdate: "chat_settings",
        .chatNotice: "chat_notices",
        .streamOnline: "streams",
        .streamUpdate: "streams",
        .streamOffline: "streams",
        .collectionStarted: "collection_sessions",
        .collectionStopped: "collection_sessions",
        .collectionBackfilled: "collection_backfills",
        .userUpdate: "channel_names",
    ]
}
