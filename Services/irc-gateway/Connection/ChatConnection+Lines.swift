import Logging
import Metrics
import NIOCore
import Protocol
import Synchronization
import TwitchChat
import TwitchIRC

extension ChatConnection {
    /// Handles all messages of one read, and hands their events on together.
    func receive(_ messages: [ByteBuffer]) async throws {
        let now = ContinuousClock.now
        let receivedAt = context.clock.now()
        let question = state.withLock { state in
            state.session.heard(at: now)
            state.isReceiving = true
            defer { state.proof.heard(at: now) }
            return state.proof.present(at: now)
        }
        ask(question)
        defer {
            state.withLock { $0.isReceiving = false }
            settleIfDone()
        }
        var events: [EventDraft] = []
        var heard: Set<String> = []
        var splitter = LineSplitter()
        var count = 0
        for message in messages {
            for bytes in splitter.lines(in: Array(message.readableBytesView)) {
                count += 1
                guard let line = context.intake.read(bytes, receivedAt: receivedAt) else { continue }
                if let control = line.control {
                    events += await handle(control, at: now)
                }
                guard let content = line.content, isAccepted(content, at: now) else { continue }
                context.metrics.count(content.event)
                // The answer to a JOIN says nothing about whether the others are heard.
                if content.event.isSpoken { heard.insert(content.login) }
                if let holes = context.holes, let id = content.event.messageID, !id.isEmpty {
                    holes.heard(Hole.Landmark(messageID: id, sentAt: content.time), in: content.login)
                }
                events.append(context.intake.draft(content, of: bytes, receivedAt: receivedAt))
            }
        }
        context.metrics.linesReceived.increment(by: count)
        context.live.heard(heard, at: now)
        events.insert(contentsOf: await rejoined(heard, at: now), at: 0)
        context.intake.tooLong(splitter.droppedLines)
        events += takeRefusals()
        guard !events.isEmpty else { return }
        try await publish(events)
    }

    /// Closes and opens the sessions of channels that Twitch had left us out of without a word.
    private func rejoined(_ heard: Set<String>, at now: ContinuousClock.Instant) async -> [EventDraft] {
        let found = state.withLock { $0.joins.heard(heard, at: now) }
        var drafts: [EventDraft] = []
        for (login, last, again) in found {
            logger.warning(
                "Twitch had left us out of a channel without a word; it is heard again",
                metadata: [IRCLogKey.channel: "\(login)"]
            )
            drafts += await context.record.rejoined(login, connection: number, lastHeard: last, joinedAgain: again)
        }
        return drafts
    }

    /// Whether the event was neither published before nor is left to the successor.
    private func isAccepted(_ content: ReadLine.Content, at now: ContinuousClock.Instant) -> Bool {
        if let key = content.key { return context.intake.isNew(key, at: now) }
        return state.withLock { !$0.superseded.contains(content.login) }
    }

    private func publish(_ events: [EventDraft]) async throws {
        do {
            try await wait(toPublish: events)
            context.record.told(events)
        } catch {
            context.record.lostEnds()
            throw error
        }
    }

    /// While this takes we do not read.
    private func wait(toPublish events: [EventDraft]) async throws {
        state.withLock { $0.waitingForJournal += 1 }
        defer {
            state.withLock { state in
                state.waitingForJournal -= 1
                state.session.heard(at: .now)
            }
        }
        try await context.publish(events)
    }

    /// Acts on a line that concerns the connection itself. Returns what has to be published before the line's own event.
    private func handle(_ control: ReadLine.Control, at now: ContinuousClock.Instant) async -> [EventDraft] {
        switch control {
        case .session(let line):
            if case .pong(let text) = line { state.withLock { $0.proof.answered(text) } }
            perform(state.withLock { $0.session.receive(line, at: now) })
        case .roomState(let login, let isFull, let roomID):
            let change = state.withLock { $0.joins.roomState(login, isFull: isFull, at: now) }
            return await handle(change, login: login, roomID: roomID)
        case .parted(let login, let nick):
            guard nick == self.nick else { return [] }
            return await handle(state.withLock { $0.joins.parted(login, at: now) }, login: login)
        case .notice(let login, let id):
            return await handle(state.withLock { $0.joins.notice(login, id: id, at: now) }, login: login)
        }
        return []
    }

    private func handle(_ change: ChannelJoins.Change?, login: String, roomID: String = "") async -> [EventDraft] {
        switch change {
        case nil:
            return []
        case .joined:
            logger.debug("Joined", metadata: [IRCLogKey.channel: "\(login)"])
            state.withLock { $0.firstJoined = $0.firstJoined ?? .now }
            let start = await context.record.started(login, roomID: roomID, connection: number)
            state.withLock { $0.predecessor }?.supersede(login)
            return start.map { [$0] } ?? []
        case .left(let reason):
            logger.warning(
                "A channel was left",
                metadata: [IRCLogKey.channel: "\(login)", IRCLogKey.reason: "\(reason.rawValue)"]
            )
            return context.record.stop(login, connection: number, because: reason).map { [$0] } ?? []
        case .refused(let refusal):
            refused(login, refusal)
            return []
        }
    }

    func refused(_ login: String, _ refusal: JoinRefusal) {
        context.metrics.refused(refusal)
        let draft = context.record.refused(login, refusal, connection: number)
        state.withLock { $0.refusals.append(draft) }
        // Nobody bans a nameless reader, and its rooms are counted for itself.
        if credentials.isAccount, refusal == .banned || refusal == .channelLimit {
            context.demand.readAnonymously(login)
            logger.notice(
                "Twitch does not let the account into a channel; it is read anonymously",
                metadata: [IRCLogKey.channel: "\(login)", IRCLogKey.reason: "\(refusal.rawValue)"]
            )
            return
        }
        logger.warning(
            "Twitch does not let us into a channel; it is tried again later",
            metadata: [IRCLogKey.channel: "\(login)", IRCLogKey.reason: "\(refusal.rawValue)"]
        )
    }

    /// Publishes what was refused by silence: no line that was read brings it along.
    func publishRefusals() async {
        let refusals = takeRefusals()
        guard !refusals.isEmpty else { return }
        // If the connection ends meanwhile, the next one is refused as well and tells of it.
        try? await wait(toPublish: refusals)
        context.record.told(refusals)
    }

    /// What was refused since the last time.
    private func takeRefusals() -> [EventDraft] {
        state.withLock { state in
            defer { state.refusals = [] }
            return state.refusals
        }
    }
}

extension Event {
    /// Whether it shows that a channel's chat is heard: people and moderators make it, not our own JOIN.
    fileprivate var isSpoken: Bool {
        switch self {
        case .chatMessage, .chatNotification, .chatMessageDelete, .chatClear, .ban: true
        default: false
        }
    }
}
