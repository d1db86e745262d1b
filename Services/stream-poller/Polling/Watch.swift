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
        for stream in answer.items { directory.suspect(stream.userID, hasLogin: stream.userLogin, at: now) }
        let events = tracker.polled(
            answer.items.compactMap { StreamsState.Stream($0, seenAt: now) },
            answered: answer.answered,
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
    /// Nil for a stream without a time of beginning: nothing could be attributed to it.
    fileprivate init?(_ stream: HelixStream, seenAt now: Timestamp) {
        guard let startedAt = Timestamp(stream.startedAt), !stream.id.isEmpty, !stream.userID.isEmpty else {
            return nil
        }
        self.init(
            update: StreamUpdate(
                broadcasterUserID: stream.userID,
                broadcasterUserLogin: stream.userLogin,
                broadcasterUserName: stream.userName,
                streamID: stream.id,
                title: stream.title,
                categoryID: stream.categoryID,
                categoryName: stream.categoryName,
                language: stream.language,
                tags: stream.tags,
                isMature: stream.isMature,
                viewerCount: stream.viewerCount,
                observedAt: now
            ),
            startedAt: startedAt
        )
    }
}
