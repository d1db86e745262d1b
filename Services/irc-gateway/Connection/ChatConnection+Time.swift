import Logging
import Metrics
import NIOCore
import Protocol
import Synchronization
import TwitchChat

extension ChatConnection {
    /// Looks at what is due: PING, JOINs, answers that did not come.
    func tick(at now: ContinuousClock.Instant) {
        var question: String?
        let (actions, expired, joins) = state.withLock { state in
            guard state.waitingForJournal == 0, state.end == nil else {
                return ([IRCSession.Action](), [(login: String, change: ChannelJoins.Change)](), [String]())
            }
            question = state.session.isLoggedIn ? state.proof.present(at: now) : nil
            let actions = state.session.tick(at: now)
            guard state.session.isLoggedIn else { return (actions, [], []) }
            let expired = state.joins.expire(at: now)
            let logins = { [joins = state.joins] in joins.logins }
            for (login, sign) in context.live.signs(of: logins, since: &state.liveVersion, at: now) {
                state.joins.saw(sign, of: login, at: now)
            }
            let joins = permits.withLimiter { state.joins.due(at: now, permits: &$0) }
            return (actions, expired, joins)
        }
        ask(question)
        perform(actions)
        for (login, change) in expired {
            if case .refused(let refusal) = change { refused(login, refusal) }
        }
        if !joins.isEmpty {
            context.metrics.joinsSent.increment(by: joins.count)
            send(JoinLines.make("JOIN", joins))
        }
        settleIfDone()
    }

    /// Tells once that every channel is joined or refused, and that the sessions have been published: the predecessor
    /// ends its own only then.
    func settleIfDone() {
        guard settled.value == nil else { return }
        let isDone = state.withLock { $0.session.isLoggedIn && !$0.isReceiving && $0.joins.undecided.isEmpty }
        if isDone { settled.fire(true) }
    }

    func perform(_ actions: [IRCSession.Action]) {
        var lines: [String] = []
        for action in actions {
            switch action {
            case .send(let line):
                lines.append(line)
            case .loggedIn:
                logger.info("Logged in", metadata: [IRCLogKey.nick: "\(nick)"])
                context.outages.ended()
                tick(at: .now)
            case .reconnectAnnounced:
                logger.notice("Twitch asks to reconnect")
                retirement.fire(.announced)
            case .close(let end):
                abort(end)
            }
        }
        send(lines)
    }

    /// Asks whether Twitch is still there after we were not.
    func ask(_ question: String?) {
        if let question { send(["PING :\(question)"]) }
    }

    /// One frame a line, as other clients do.
    func send(_ lines: [String]) {
        guard !lines.isEmpty, let channel = state.withLock({ $0.channel }) else { return }
        for line in lines {
            channel.write(ByteBuffer(string: line + "\r\n"), promise: nil)
        }
        channel.flush()
    }

    /// Ends the connection without a handshake: whoever does not answer will not answer that either.
    private func abort(_ end: ConnectionEnd) {
        let channel = state.withLock { state in
            state.end = state.end ?? end
            return state.channel
        }
        channel?.close(promise: nil)
    }
}
