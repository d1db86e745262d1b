import Metrics

/// The bus's metrics of one process, looked up once. No labels: they are about the process as a whole.
struct PublisherMetrics: Sendable {
    /// Events committed to the journal.
    let accepted = Counter(label: "bus_events_accepted_total")
    /// Events sent live.
    let published = Counter(label: "bus_events_published_total")
    /// Commits, each of many events.
    let commits = Counter(label: "bus_journal_commits_total")
    /// Commits that failed and were tried again.
    let commitFailures = Counter(label: "bus_journal_commit_failures_total")
    /// Events that were dropped because they are larger than an envelope may be: a defect of the service.
    let refused = Counter(label: "bus_events_too_large_total")
    /// 1 while the journal cannot be written and events wait in memory, else 0.
    let journalStuck = Gauge(label: "bus_journal_stuck")
    /// Size of the journal's files.
    let journalBytes = Gauge(label: "bus_journal_bytes")
    /// The size at which the oldest file goes, stored or not.
    let journalCap = Gauge(label: "bus_journal_cap_bytes")
    /// How long ago the oldest file was begun.
    let journalAge = Gauge(label: "bus_journal_age_seconds")
    /// How long the oldest event has waited for a writer's acknowledgement.
    let undelivered = Gauge(label: "bus_journal_undelivered_seconds")
    /// Events that wait to be committed.
    let queueDepth = Gauge(label: "bus_publish_queue_events")
    let requests = Counter(label: "bus_requests_total")
    /// Requests that could not be understood.
    let malformedRequests = Counter(label: "bus_requests_malformed_total")
    let fetchedEvents = Counter(label: "bus_events_fetched_total")
    /// Acknowledgements that were not believed: not a writer's key, or another database's.
    let refusedAcknowledgements = Counter(label: "bus_acknowledgements_refused_total")
}

/// The same for a follower.
struct FollowerMetrics: Sendable {
    /// Events handed to the queue, live or fetched.
    let received = Counter(label: "bus_events_received_total")
    let duplicates = Counter(label: "bus_events_duplicate_total")
    /// Times that something was missing and had to be fetched or reported.
    let gaps = Counter(label: "bus_gaps_total")
    let fetches = Counter(label: "bus_fetches_total")
    let failedRequests = Counter(label: "bus_requests_failed_total")
    /// Frames and replies that could not be understood.
    let malformed = Counter(label: "bus_frames_malformed_total")
    /// Events that wait for the consumer.
    let queueDepth = Gauge(label: "bus_follow_queue_events")
    let producers = Gauge(label: "bus_producers")
}
