import Protocol

/// Decides from polls when streams begin, change and end. No I/O, no clock.
///
/// Helix is eventually consistent: a stream that begins is shown, then not, then again; one that is over is shown for
/// minutes. So a stream is live at its first sighting, and over only when several polls in a row did not show it. See
/// `docs/decisions/stream-detection.md`.
struct StreamTracker: Hashable, Sendable, Codable {
    /// When a stream that is not shown is over.
    struct Policy: Hashable, Sendable {
        /// Polls in a row without it…
        var absentPolls = 3
        /// …over at least this time.
        var absentFor: Duration = .seconds(180)
    }

    /// Live streams by the channel's user id.
    private(set) var live: [String: LiveStream] = [:]
    /// The last stream of a channel that is over, by user id.
    private(set) var ended: [String: EndedStream] = [:]

    /// One poll.
    /// - Parameters:
    ///   - seen: What Helix showed, each observed now.
    ///   - answered: The user ids that Helix answered for: only of these anything is known.
    ///   - now: When it was asked.
    ///   - interval: The usual time between two polls.
    ///   - policy: When a stream is over.
    /// - Returns: What happened, in order: a stream's end before the next one's beginning.
    mutating func polled(
        _ seen: [StreamsState.Stream],
        answered: Set<String>,
        at now: Timestamp,
        interval: Duration,
        policy: Policy
    ) -> [Event] {
        var events: [Event] = []
        var shown: Set<String> = []
        for stream in Self.newestOfEach(seen) where answered.contains(stream.update.broadcasterUserID) {
            shown.insert(stream.update.broadcasterUserID)
            events += sighted(stream, interval: interval)
        }
        for user in live.keys.sorted() where answered.contains(user) && !shown.contains(user) {
            if let end = absent(user, at: now, interval: interval, policy: policy) { events.append(end) }
        }
        return events
    }

    /// Channels that are no longer asked for: nobody will see their streams end.
    mutating func keep(only users: Set<String>) -> [Event] {
        let gone = live.filter { !users.contains($0.key) }.values.sorted { $0.id < $1.id }
        let events = gone.map { end($0, at: $0.lastSeenAt, .inferred) }
        ended = ended.filter { users.contains($0.key) }
        return events
    }

    /// A new run begins with what an earlier one knew.
    mutating func resume(at now: Timestamp, policy: Policy) {
        for (user, stream) in live {
            live[user]?.isCarriedOver = true
            live[user]?.wasLongGone = now >= stream.lastSeenAt.advanced(by: policy.absentFor)
        }
    }

    /// Everything again, for a journal that has lost what it accepted last.
    var announcements: [Event] {
        ended.keys.sorted().compactMap { ended[$0].map { .streamOffline($0.event) } }
            + live.keys.sorted().compactMap { live[$0].map { .streamOnline($0.online) } }
    }

    /// What was accepted by the journal and is not in the saved state, in order.
    mutating func replay(_ event: Event, at time: Timestamp) {
        switch event {
        case .streamOnline(let online):
            ended = ended.filter { $0.value.event.streamID != online.streamID }
            live[online.broadcasterUserID] = LiveStream(online, seenAt: time)
        case .streamUpdate(let update):
            guard live[update.broadcasterUserID]?.id == update.streamID else { return }
            live[update.broadcasterUserID]?.seen(update)
        case .streamOffline(let offline):
            guard let stream = live[offline.broadcasterUserID], stream.id == offline.streamID else { return }
            live[offline.broadcasterUserID] = nil
            ended[offline.broadcasterUserID] = EndedStream(event: offline, startedAt: stream.startedAt)
        default: break
        }
    }
}

extension StreamTracker {
    private mutating func sighted(_ stream: StreamsState.Stream, interval: Duration) -> [Event] {
        let user = stream.update.broadcasterUserID
        var events: [Event] = []
        if let current = live[user] {
            if current.id == stream.update.streamID {
                live[user]?.seen(stream.update)
                return [.streamUpdate(stream.update)]
            }
            // An old answer: the channel is live, but not with this stream any more.
            guard current.began(before: stream.startedAt, stream.update.streamID) else { return [] }
            let basis = basis(of: current, absentAt: stream.update.observedAt, interval: interval)
            events.append(end(current, at: min(current.lastSeenAt, stream.startedAt), basis))
        } else if let last = ended[user], last.event.streamID != stream.update.streamID,
            stream.startedAt < last.startedAt
        {
            return []
        }
        let new = LiveStream(stream)
        live[user] = new
        if ended[user]?.event.streamID == new.id { ended[user] = nil }
        return events + [.streamOnline(new.online)]
    }

    private mutating func absent(_ user: String, at now: Timestamp, interval: Duration, policy: Policy) -> Event? {
        guard var stream = live[user] else { return nil }
        let first = stream.firstAbsentAt ?? now
        stream.basis = basis(of: stream, absentAt: now, interval: interval)
        stream.firstAbsentAt = first
        stream.absentPolls += 1
        live[user] = stream
        let isConfirmed = stream.absentPolls >= policy.absentPolls && now >= first.advanced(by: policy.absentFor)
        return isConfirmed || stream.wasLongGone ? end(stream, at: stream.lastSeenAt, stream.basis) : nil
    }

    private mutating func end(_ stream: LiveStream, at time: Timestamp, _ basis: StreamEndBasis) -> Event {
        let offline = stream.offline(at: time, basis)
        live[offline.broadcasterUserID] = nil
        ended[offline.broadcasterUserID] = EndedStream(event: offline, startedAt: stream.startedAt)
        return .streamOffline(offline)
    }

    /// Whether there were polls on both sides of the end, no further apart than a missed one.
    private func basis(of stream: LiveStream, absentAt time: Timestamp, interval: Duration) -> StreamEndBasis {
        if stream.firstAbsentAt != nil { return stream.basis }
        let isClose = time <= stream.lastSeenAt.advanced(by: interval * 2 + .seconds(15))
        return stream.isCarriedOver || !isClose ? .inferred : .observed
    }

    /// Pages may repeat a channel.
    private static func newestOfEach(_ streams: [StreamsState.Stream]) -> [StreamsState.Stream] {
        var newest: [String: StreamsState.Stream] = [:]
        for stream in streams {
            let user = stream.update.broadcasterUserID
            if let other = newest[user], !LiveStream(other).began(before: stream.startedAt, stream.update.streamID) {
                continue
            }
            newest[user] = stream
        }
        return newest.keys.sorted().compactMap { newest[$0] }
    }
}

extension LiveStream {
    /// From its own announcement.
    fileprivate init(_ online: StreamOnline, seenAt time: Timestamp) {
        self.init(
            StreamsState.Stream(
                update: StreamUpdate(
                    broadcasterUserID: online.broadcasterUserID,
                    broadcasterUserLogin: online.broadcasterUserLogin,
                    broadcasterUserName: online.broadcasterUserName,
                    streamID: online.streamID,
                    title: online.title,
                    categoryID: online.categoryID,
                    categoryName: online.categoryName,
                    language: online.language,
                    tags: online.tags,
                    isMature: online.isMature,
                    viewerCount: online.viewerCount,
                    observedAt: time
                ),
                startedAt: online.startedAt
            )
        )
    }
}

extension Timestamp {
    /// This moment and so much time.
    func advanced(by duration: Duration) -> Timestamp {
        Timestamp(milliseconds: rawValue + Int64(duration / .milliseconds(1)))
    }
}
