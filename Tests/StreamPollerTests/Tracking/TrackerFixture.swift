import Protocol

@testable import stream_poller

/// A tracker with a clock of its own: polls a minute apart unless told otherwise.
struct TrackerFixture {
    var tracker = StreamTracker()
    var now = Timestamp(milliseconds: 1_800_000_000_000)
    var policy = StreamTracker.Policy()
    var interval = Duration.seconds(60)
    var channels: Set<String> = ["1", "2", "3"]

    /// The time after so many seconds from now.
    func after(_ seconds: Int) -> Timestamp { now.advanced(by: .seconds(seconds)) }

    /// A stream of a channel as Helix shows it now.
    func stream(_ id: String, of user: String = "1", startedAt: Timestamp? = nil, viewers: Int = 10)
        -> StreamsState.Stream
    {
        StreamsState.Stream(
            update: StreamUpdate(
                broadcasterUserID: user,
                broadcasterUserLogin: "channel\(user)",
                broadcasterUserName: "Channel\(user)",
                streamID: id,
                title: "title",
                categoryID: "7",
                categoryName: "Chess",
                language: "en",
                isMature: false,
                viewerCount: viewers,
                observedAt: now
            ),
            startedAt: startedAt ?? Timestamp(milliseconds: 1_799_999_990_000)
        )
    }

    /// One poll, then the interval passes. `answered` are the channels that Helix answered for.
    mutating func poll(_ seen: [StreamsState.Stream], answered: Set<String>? = nil, then seconds: Int? = nil) -> [Event]
    {
        let events = tracker.polled(
            seen,
            answered: answered ?? channels,
            at: now,
            interval: interval,
            policy: policy
        )
        now = now.advanced(by: seconds.map { .seconds($0) } ?? interval)
        return events
    }

    /// The poller was stopped and started again.
    mutating func restart(after seconds: Int) {
        now = now.advanced(by: .seconds(seconds))
        tracker.resume(at: now, policy: policy)
    }
}

extension Event {
    /// `online 41`, `update 41`, `offline 41`
    var summary: String {
        switch self {
        case .streamOnline(let event): "online \(event.streamID)"
        case .streamUpdate(let event): "update \(event.streamID)"
        case .streamOffline(let event): "offline \(event.streamID)"
        default: type.rawValue
        }
    }

    var offline: StreamOffline? {
        if case .streamOffline(let event) = self { event } else { nil }
    }
}

extension [Event] {
    var summaries: [String] { map(\.summary) }
}
