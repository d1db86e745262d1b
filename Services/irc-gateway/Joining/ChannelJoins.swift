/// The channels of one connection and how far each has come: wanted, joining, joined or refused. No I/O.
struct ChannelJoins: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// What became known about a channel.
    enum Change: Hashable, Sendable {
        /// ROOMSTATE in full: from now on everything said is heard.
        case joined
        /// We were in and are no longer.
        case left(StopReason)
        /// We are not let in. The refusal is news; repetitions of it are not told.
        case refused(JoinRefusal)
    }

    private enum State: Hashable {
        case wanted(at: Instant)
        case joining(since: Instant)
        case joined
        case refused(JoinRefusal, retryAt: Instant)
    }

    private struct Channel {
        var state: State
        /// JOINs in a row that were not answered.
        var unanswered = 0
        /// How often we were dropped without having been in for long.
        var drops = 0
        /// The refusal that a retry is in progress of; it stays in force until the answer.
        var refusal: JoinRefusal?
        var joinedAt: Instant?
        var reconcileAt: Instant?
    }

    private let policy: JoinPolicy
    private var channels: [String: Channel] = [:]
    private(set) var joinedCount = 0

    init(policy: JoinPolicy = .init()) {
        self.policy = policy
    }

    var wantedCount: Int { channels.count }
    var logins: [String] { Array(channels.keys) }
    var joined: [String] { channels.filter { $0.value.state == .joined }.map(\.key) }

    func contains(_ login: String) -> Bool { channels[login] != nil }

    func isJoined(_ login: String) -> Bool { channels[login]?.state == .joined }

    /// Channels that are neither joined nor refused, sorted.
    var undecided: [String] {
        channels.filter { Self.refusal($0.value) == nil && $0.value.state != .joined }.map(\.key).sorted()
    }

    /// The channels that Twitch does not let us into, with the reason.
    var refusals: [String: JoinRefusal] { channels.compactMapValues(Self.refusal) }

    mutating func want(_ login: String, at now: Instant) {
        guard channels[login] == nil else { return }
        channels[login] = Channel(state: .wanted(at: now))
    }

    /// Forgets a channel. True when it was joined, or may be: then PART has to be sent.
    mutating func unwant(_ login: String) -> Bool {
        switch channels.removeValue(forKey: login)?.state {
        case .joined:
            joinedCount -= 1
            return true
        case .joining: return true
        default: return false
        }
    }

    /// The channels to send JOIN for now. Takes a permit for each; those that find none wait.
    mutating func due(at now: Instant, permits: inout JoinLimiter) -> [String] {
        let due = channels.compactMap { login, channel in Self.dueSince(channel).map { (login, $0) } }
            .filter { $0.1 <= now }
            .sorted { ($0.1, $0.0) < ($1.1, $1.0) }
            .map(\.0)
        guard !due.isEmpty else { return [] }
        let granted = Array(due.prefix(permits.take(due.count, at: now)))
        for login in granted {
            if channels[login]?.state == .joined {
                channels[login]?.reconcileAt = now + policy.reconciliation
            } else {
                channels[login]?.state = .joining(since: now)
            }
        }
        return granted
    }

    /// Gives up on answers that did not come in time.
    mutating func expire(at now: Instant) -> [(login: String, change: Change)] {
        var changes: [(String, Change)] = []
        for (login, channel) in channels {
            guard case .joining(let since) = channel.state, now - since >= policy.answer else { continue }
            var channel = channel
            channel.unanswered += 1
            if channel.refusal == nil, channel.unanswered < policy.attemptsBeforeRefusal {
                channel.state = .wanted(at: now + policy.backoff(policy.retry, doubled: channel.unanswered - 1))
            } else {
                let refusal = channel.refusal ?? .noAnswer
                let silences = max(0, channel.unanswered - policy.attemptsBeforeRefusal)
                let pause =
                    refusal == .noAnswer
                    ? policy.backoff(policy.silentRetry, doubled: silences) : policy.reconciliation
                channel.state = .refused(refusal, retryAt: now + pause)
                if channel.refusal == nil { changes.append((login, .refused(refusal))) }
                channel.refusal = refusal
            }
            channels[login] = channel
        }
        return changes
    }

    /// A ROOMSTATE arrived. Only a full one, which carries `slow` and `subs-only`, confirms the JOIN.
    mutating func roomState(_ login: String, isFull: Bool, at now: Instant) -> Change? {
        guard isFull, var channel = channels[login], channel.state != .joined else { return nil }
        channel.state = .joined
        channel.unanswered = 0
        channel.refusal = nil
        channel.joinedAt = now
        channel.reconcileAt = now + policy.reconciliation
        channels[login] = channel
        joinedCount += 1
        return .joined
    }

    /// Our own PART arrived for a channel that we want: we were thrown out.
    mutating func parted(_ login: String, at now: Instant) -> Change? {
        guard var channel = channels[login] else { return nil }
        let wasJoined = channel.state == .joined
        if wasJoined { joinedCount -= 1 }
        // A channel that throws us out again and again is asked ever more seldom.
        let wasLong = channel.joinedAt.map { now - $0 >= policy.reconciliation } ?? false
        channel.drops = wasLong ? 0 : channel.drops + 1
        channel.state = .wanted(at: now + policy.backoff(policy.retry, doubled: channel.drops))
        channels[login] = channel
        return wasJoined ? .left(.parted) : nil
    }

    /// A NOTICE to a channel arrived.
    mutating func notice(_ login: String, id: String, at now: Instant) -> Change? {
        guard let refusal = JoinRefusal(noticeID: id), var channel = channels[login] else { return nil }
        let wasJoined = channel.state == .joined
        // Whoever is banned from talking may still be in the room; a PART tells if not.
        if wasJoined, refusal == .banned || refusal == .channelLimit { return nil }
        let isNews = channel.refusal != refusal
        let pause = refusal == .channelLimit ? policy.limitRetry : policy.reconciliation
        channel.state = .refused(refusal, retryAt: now + pause)
        channel.refusal = refusal
        channels[login] = channel
        if wasJoined {
            joinedCount -= 1
            return .left(refusal.collectionReason)
        }
        return isNews ? .refused(refusal) : nil
    }

    private static func dueSince(_ channel: Channel) -> Instant? {
        switch channel.state {
        case .wanted(let at): at
        case .refused(_, let retryAt): retryAt
        case .joined: channel.reconcileAt
        case .joining: nil
        }
    }

    private static func refusal(_ channel: Channel) -> JoinRefusal? {
        channel.state == .joined ? nil : channel.refusal
    }
}
