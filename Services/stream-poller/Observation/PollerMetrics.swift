import Metrics
import Protocol
import TwitchAPI

/// Everything the poller counts.
struct PollerMetrics: Sendable {
    /// How a poll went.
    enum Outcome: String, CaseIterable {
        /// Every batch was answered.
        case ok
        /// Some were.
        case partial
        /// None was.
        case failed
    }

    private let wanted = Gauge(label: "poller_channels_wanted")
    private let resolved = Gauge(label: "poller_channels_resolved")
    private let live = Gauge(label: "poller_streams_live")
    private let lastPoll = Gauge(label: "poller_last_poll_timestamp_seconds")
    private let pollSeconds = Gauge(label: "poller_poll_seconds")
    private let pointsLeft = Gauge(label: "helix_rate_limit_points_left")
    private let polls: [Outcome: Counter]
    private let events: [EventType: Counter]

    init() {
        polls = Dictionary(
            uniqueKeysWithValues: Outcome.allCases.map {
                ($0, Counter(label: "poller_polls_total", dimensions: [("outcome", $0.rawValue)]))
            }
        )
        let types: [EventType] = [.streamOnline, .streamUpdate, .streamOffline, .userUpdate]
        events = Dictionary(
            uniqueKeysWithValues: types.map {
                ($0, Counter(label: "poller_events_total", dimensions: [("type", $0.rawValue)]))
            }
        )
    }

    func polled(_ outcome: Outcome, took duration: Duration) {
        polls[outcome]?.increment()
        pollSeconds.record(duration / .seconds(1))
    }

    /// Helix answered, for some channels at least.
    func answered(at now: Timestamp) { lastPoll.record(Double(now.rawValue) / 1000) }

    func show(_ watch: Watch) {
        wanted.record(watch.directory.wanted)
        resolved.record(watch.directory.userIDs.count)
        live.record(watch.tracker.live.count)
    }

    func count(_ drafts: [EventDraft]) {
        for draft in drafts { events[draft.type]?.increment() }
    }

    /// One request on the wire. The outcome is a status or one of three words, so the series are few.
    func requested(_ observation: HelixTransport.Observation) {
        Counter(
            label: "helix_requests_total",
            dimensions: [("endpoint", observation.endpoint), ("outcome", observation.outcome)]
        ).increment()
        if let left = observation.pointsLeft { pointsLeft.record(left) }
    }
}
