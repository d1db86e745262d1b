import Protocol

/// A stream that is taken for live, and what speaks against it.
struct LiveStream: Hashable, Sendable, Codable {
    /// What Helix last said; `observedAt` is when it was last seen live.
    var update: StreamUpdate
    var startedAt: Timestamp
    /// The first of the polls in a row that did not show it; nil while it is shown.
    var firstAbsentAt: Timestamp?
    /// How many polls in a row did not show it.
    var absentPolls = 0
    /// How its end would be known.
    var basis = StreamEndBasis.observed
    /// Known from an earlier run and not yet seen in this one.
    var isCarriedOver = false
    /// It had not been seen for so long when this run began that one more poll without it will do.
    var wasLongGone = false

    var id: String { update.streamID }
    var lastSeenAt: Timestamp { update.observedAt }

    init(_ stream: StreamsState.Stream) {
        update = stream.update
        startedAt = stream.startedAt
    }

    /// It is there.
    mutating func seen(_ update: StreamUpdate) {
        self.update = update
        firstAbsentAt = nil
        absentPolls = 0
        isCarriedOver = false
        wasLongGone = false
    }

    /// Whether this is the later one of two streams of a channel: Helix answers from caches of different age.
    func began(before startedAt: Timestamp, _ id: String) -> Bool {
        (self.startedAt, self.id.utf8.count, self.id) < (startedAt, id.utf8.count, id)
    }

    /// `stream.online`
    var online: StreamOnline {
        StreamOnline(
            broadcasterUserID: update.broadcasterUserID,
            broadcasterUserLogin: update.broadcasterUserLogin,
            broadcasterUserName: update.broadcasterUserName,
            streamID: update.streamID,
            title: update.title,
            categoryID: update.categoryID,
            categoryName: update.categoryName,
            language: update.language,
            tags: update.tags,
            isMature: update.isMature,
            viewerCount: update.viewerCount,
            startedAt: startedAt
        )
    }

    /// `stream.offline`; no stream ends before it began.
    func offline(at end: Timestamp, _ basis: StreamEndBasis) -> StreamOffline {
        StreamOffline(
            broadcasterUserID: update.broadcasterUserID,
            broadcasterUserLogin: update.broadcasterUserLogin,
            broadcasterUserName: update.broadcasterUserName,
            streamID: update.streamID,
            endedAt: max(end, startedAt),
            endedAtBasis: basis.rawValue
        )
    }
}

/// How the end of a stream is known.
enum StreamEndBasis: String, Hashable, Sendable, Codable {
    /// By polls shortly before and shortly after it.
    case observed
    /// The poller did not run, could not ask, or stopped asking when it ended.
    case inferred
}

/// The last stream of a channel that is over.
struct EndedStream: Hashable, Sendable, Codable {
    var event: StreamOffline
    var startedAt: Timestamp
}
