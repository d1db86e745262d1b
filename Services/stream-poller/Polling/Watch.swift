import Protocol
import ServiceRuntime
import TwitchAPI

/// All that the poller knows, and how a poll changes it. No I/O, no clock.
struct Watch: Hashable, Sendable, Codable {
    var tracker = StreamTracker()
    var directory = ChannelDirectory()

    /// Streams of channels that are no longer wanted are let go; not before it is known who the wanted ones are.
    mutating func letGo(at now: Timestamp) -> [EventDraft] {
        guard directory.isSettled else { return [] }
        return drafts(tracker.keep(only: Set(directory.userIDs)), at: now)
    }

    /// What Get Users answered to `questions`.
    mutating func learnt(
        _ byLogin: HelixAnswer<HelixUser>,
        _ byID: HelixAnswer<HelixUser>,
        at now: Timestamp
    ) -> [EventDraft] {
        // What Twitch refuses outright is as unknown as what it does not find.
        let asked = ChannelDirectory.Questions(
            logins: Array(byLogin.answered) + byLogin.refused,
            ids: Array(byID.answered) + byID.refused
        )
        let updates = directory.learnt(byLogin.items + byID.items, asked: asked, at: now)
        return drafts(updates.map { .userUpdate($0) }, at: now)
    }

    /// What Get Streams answered.
    mutating func polled(
        _ answer: HelixAnswer<HelixStream>,
        at now: Timestamp,
        interval: Duration,
        policy: StreamTracker.Policy
    ) -> [EventDraft] {
        var seen: [StreamsState.Stream] = []
        // A stream of which too little is told is there all the same: its channel must not be taken for offline.
        var unclear: Set<String> = []
        for stream in answer.items {
            let account = directory.accounts[stream.userID]
            if let login = stream.userLogin { directory.suspect(stream.userID, hasLogin: login, at: now) }
            let known = tracker.live[stream.userID].flatMap { $0.id == stream.id ? $0 : nil }
            if let stream = StreamsState.Stream(stream, known: known, account: account, seenAt: now) {
                seen.append(stream)
            } else {
                unclear.insert(stream.userID)
            }
        }
        let events = tracker.polled(
            seen,
            answered: answer.answered.subtracting(unclear.subtracting(seen.map(\.update.broadcasterUserID))),
            at: now,
            interval: interval,
            policy: policy
        )
        return drafts(events, at: now)
    }

    /// What the journal accepted after the state was saved, so that nothing is told twice.
    mutating func replay(_ envelope: Envelope) {
        tracker.replay(envelope.event, at: envelope.time)
        if case .userUpdate(let update) = envelope.event { directory.replay(update) }
    }

    /// Everything again: see `StreamTracker.announcements`.
    func announcements(at now: Timestamp) -> [EventDraft] { drafts(tracker.announcements, at: now) }

    /// The state of `state.streams`.
    func streams(polledAt: Timestamp?) -> StreamsState {
        let live = tracker.live.values.sorted { $0.update.broadcasterUserLogin < $1.update.broadcasterUserLogin }
        return StreamsState(streams: live.map { .init(update: $0.update, startedAt: $0.startedAt) }, polledAt: polledAt)
    }

    /// The time of an event is the poll's: when it was seen. When it happened is in its data.
    private func drafts(_ events: [Event], at now: Timestamp) -> [EventDraft] {
        events.compactMap { event in
            event.login.map { EventDraft(domain: .stream, subject: $0, time: now, event: event) }
        }
    }
}

extension Event {
    /// The channel's login, of the events that the poller publishes.
    fileprivate var login: String? {
        switch self {
        case .streamOnline(let event): event.broadcasterUserLogin
        case .streamUpdate(let event): event.broadcasterUserLogin
        case .streamOffline(let event): event.broadcasterUserLogin
        case .userUpdate(let event): event.userLogin
        default: nil
        }
    }
}

extension StreamsState.Stream {
    /// What the answer leaves out is as it was known before; nil for a stream that nobody could name, or that nothing could
    /// be attributed to, because it has no time of beginning.
    fileprivate init?(
        _ stream: HelixStream,
        known: LiveStream?,
        account: ChannelDirectory.Account?,
        seenAt now: Timestamp
    ) {
        let update = known?.update
        guard let login = stream.userLogin ?? update?.broadcasterUserLogin ?? account?.login,
            let startedAt = stream.startedAt.flatMap({ Self.beginning($0, seenAt: now) }) ?? known?.startedAt
        else { return nil }
        self.init(
            update: StreamUpdate(
                broadcasterUserID: stream.userID,
                broadcasterUserLogin: login,
                broadcasterUserName: stream.userName ?? update?.broadcasterUserName ?? account?.name ?? "",
                streamID: stream.id,
                title: stream.title ?? update?.title ?? "",
                categoryID: stream.categoryID ?? update?.categoryID ?? "",
                categoryName: stream.categoryName ?? update?.categoryName ?? "",
                language: stream.language ?? update?.language ?? "",
                tags: stream.tags ?? update?.tags ?? [],
                isMature: stream.isMature ?? update?.isMature ?? false,
                viewerCount: stream.viewerCount ?? update?.viewerCount ?? 0,
                observedAt: now
            ),
            startedAt: startedAt
        )
    }

    /// Nil for what cannot be: Twitch is of 2011, its predecessor of 2007, and no stream begins tomorrow. A clock of ours
    /// that stands before this program was written is no measure for that.
    private static func beginning(_ text: String, seenAt now: Timestamp) -> Timestamp? {
        guard let begin = Timestamp(text), begin >= Timestamp(rawValue: 1_167_609_600_000) else { return nil }
        let written = Timestamp(rawValue: 1_795_910_400_000)
        return begin <= max(now, written).advanced(by: .seconds(86_400)) ? begin : nil
    }
}
