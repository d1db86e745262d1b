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
        /// When we were last refused or dropped, and how often since something spoke for the channel.
        var trouble: (at: Instant, count: Int)?
        /// The latest news of the channel that was acted on.
        var newsAt: Instant?
        /// How often a silent channel was joined again.
        var silenceChecks = 0

        mutating func refused(at now: Instant) { trouble = (now, (trouble?.count ?? 0) + 1) }
    }

    private let policy: JoinPolicy
    private var channels: [String: Channel] = [:]
    private(set) var joinedCount = 0
    /// Joined channels that were lively and fell silent: since when, and when the JOIN that was sent because of it was
    /// answered.
    private var missing: [String: (since: Instant, answeredAt: Instant?)] = [:]

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
        missing[login] = nil
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
                channel.refused(at: now)
                if channel.refusal == nil { changes.append((login, .refused(refusal))) }
                channel.refusal = refusal
            }
            channels[login] = channel
        }
        return changes
    }

    /// A ROOMSTATE arrived. Only a full one, which carries `slow` and `subs-only`, confirms the JOIN.
    mutating func roomState(_ login: String, isFull: Bool, at now: Instant) -> Change? {
        guard isFull, var channel = channels[login] else { return nil }
        guard channel.state != .joined else {
            missing[login]?.answeredAt = now
            return nil
        }
        channel.state = .joined
        channel.unanswered = 0
        channel.silenceChecks = 0
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
        missing[login] = nil
        if wasJoined { joinedCount -= 1 }
        // A channel that throws us out again and again is asked ever more seldom.
        let wasLong = channel.joinedAt.map { now - $0 >= policy.reconciliation } ?? false
        channel.drops = wasLong ? 0 : channel.drops + 1
        channel.state = .wanted(at: now + policy.backoff(policy.retry, doubled: channel.drops))
        channel.refused(at: now)
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
        channel.refused(at: now)
        channels[login] = channel
        if wasJoined {
            joinedCount -= 1
            return .left(refusal.collectionReason)
        }
        return isNews ? .refused(refusal) : nil
    }

    // MARK: What others know of a channel

    /// Something speaks for a channel that Twitch refuses, or keeps silent about: it is joined again soon. News bring the
    /// next JOIN at once, a channel that goes on being live ever more seldom.
    mutating func saw(_ sign: LiveChannels.Sign, of login: String, at now: Instant) {
        guard var channel = channels[login] else { return }
        defer { channels[login] = channel }
        var isNews = false
        if let newsAt = sign.newsAt, channel.newsAt.map({ newsAt > $0 }) ?? true {
            channel.newsAt = newsAt
            isNews = true
        }
        switch channel.state {
        case .joining: break
        case .wanted(let at):
            channel.state = .wanted(at: min(at, retry(&channel, sign, isNews: isNews) ?? at))
        case .refused(let refusal, let retryAt):
            let at = retry(&channel, sign, isNews: isNews) ?? retryAt
            channel.state = .refused(refusal, retryAt: min(retryAt, at))
        case .joined:
            checkSilence(login, &channel, sign, at: now)
        }
    }

    /// These were heard. Returns what Twitch had left us out of: when it was last heard, and when it was joined again.
    mutating func heard(_ logins: Set<String>, at now: Instant) -> [(login: String, last: Instant, again: Instant)] {
        guard !missing.isEmpty else { return [] }
        var found: [(String, Instant, Instant)] = []
        for login in logins {
            guard let missing = missing.removeValue(forKey: login) else { continue }
            channels[login]?.silenceChecks = 0
            // Lines that come right behind the answer were waiting for it; later ones end what was only a silence.
            if let again = missing.answeredAt, now - again < policy.silence {
                found.append((login, missing.since, again))
            }
        }
        return found.sorted { $0.0 < $1.0 }
    }

    private func retry(_ channel: inout Channel, _ sign: LiveChannels.Sign, isNews: Bool) -> Instant? {
        guard let trouble = channel.trouble else { return nil }
        if isNews {
            channel.trouble?.count = 0
            return trouble.at + policy.leastPause
        }
        guard sign.heardAt != nil else { return nil }
        let pause = min(policy.backoff(policy.aliveRetry, doubled: trouble.count - 1), policy.longestAliveRetry)
        return trouble.at + pause
    }

    private mutating func checkSilence(
        _ login: String,
        _ channel: inout Channel,
        _ sign: LiveChannels.Sign,
        at now: Instant
    ) {
        guard let heardAt = sign.heardAt else { return }
        let lastSign = max(heardAt, channel.joinedAt ?? heardAt)
        if now - lastSign < policy.silence { channel.silenceChecks = 0 }
        let patience = policy.backoff(policy.silence, doubled: channel.silenceChecks)
        guard now - lastSign >= patience else { return }
        channel.silenceChecks += 1
        channel.reconcileAt = min(channel.reconcileAt ?? now, now)
        if sign.isMissed, missing[login] == nil { missing[login] = (heardAt, nil) }
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
