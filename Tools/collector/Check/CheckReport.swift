import Protocol

/// Which channels are live, as one look at Twitch showed.
struct CheckReport: Hashable, Sendable {
    /// Where the answer is from.
    enum Source: Hashable, Sendable {
        case twitch
        /// The running stream-poller, which asked Twitch then; nil when it has not yet.
        case poller(askedAt: Timestamp?)
    }

    /// What is known of a channel.
    enum State: Hashable, Sendable {
        case live(Live)
        case offline
        /// Misspelt, suspended or deleted.
        case unknown
        /// Twitch did not answer.
        case unanswered
    }

    struct Live: Hashable, Sendable {
        var streamID: String
        var title: String
        var category: String
        var language: String
        var viewers: Int
        /// Nil for a time that cannot be read.
        var startedAt: Timestamp?
    }

    struct Channel: Hashable, Sendable {
        /// As the list names it: a login or an id.
        var listedAs: String
        var userID: String?
        var login: String?
        var name: String?
        var state: State

        /// What to call it.
        var title: String { login ?? listedAs }
    }

    var source: Source
    /// When this was put together.
    var now: Timestamp
    /// In the order of the list.
    var channels: [Channel]
    /// Why some channels are unanswered, in one line.
    var trouble: String?
    /// Twitch refused what it was asked with: waiting will not help.
    var isRefused = false

    var live: [(channel: Channel, stream: Live)] {
        channels.compactMap { channel in
            if case .live(let stream) = channel.state { (channel, stream) } else { nil }
        }
        .sorted { ($1.stream.viewers, $0.channel.title) < ($0.stream.viewers, $1.channel.title) }
    }

    func titles(_ state: State) -> [String] { channels.filter { $0.state == state }.map(\.title) }
}
