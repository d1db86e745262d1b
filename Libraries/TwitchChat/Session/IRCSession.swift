import ServiceRuntime

/// One connection's login and liveness, without any I/O: lines and time go in, actions come out.
package struct IRCSession: Sendable {
    package typealias Instant = ContinuousClock.Instant

    /// How long each wait may take.
    package struct Timing: Hashable, Sendable {
        /// Silence after which we ask with PING.
        package var idle: Duration
        /// Silence after our PING that means the connection is dead.
        package var answer: Duration
        /// From the login lines to `001`.
        package var login: Duration
        /// Not having looked after the connection for longer than this is an absence; less is the hesitation of a busy
        /// machine.
        package var absence: Duration

        package init(
            idle: Duration = .seconds(15),
            answer: Duration = .seconds(8),
            login: Duration = .seconds(15),
            absence: Duration = .seconds(2)
        ) {
            self.idle = idle
            self.answer = answer
            self.login = login
            self.absence = absence
        }
    }

    /// A received line, as far as login and liveness care.
    package enum Line: Hashable, Sendable {
        case welcome
        case ping(String)
        /// Our own PING is answered, with its text.
        case pong(String)
        case reconnect
        /// NOTICE to `*`.
        case loginNotice(String)
        /// CAP NAK: what was refused.
        case capabilityRefused(String)
    }

    /// What is to be done now, in this order.
    package enum Action: Hashable, Sendable {
        /// One line, without CR LF.
        case send(String)
        case loggedIn
        /// Twitch will close this connection: another one has to take over.
        case reconnectAnnounced
        case close(ConnectionEnd)
    }

    private enum State: Hashable {
        case connecting
        case loggingIn(since: Instant)
        case loggedIn(since: Instant)
        case ended
    }

    private let timing: Timing
    private let credentials: Credentials
    private var state = State.connecting
    private var lastHeard: Instant?
    private var pingedAt: Instant?
    private var reconnectWasAnnounced = false

    package init(credentials: Credentials, timing: Timing = .init()) {
        self.credentials = credentials
        self.timing = timing
    }

    /// Whether the login has been confirmed and nothing has ended it.
    package var isLoggedIn: Bool {
        if case .loggedIn = state { true } else { false }
    }

    /// Since when the login has been confirmed; nil before and after.
    package var loggedInSince: Instant? {
        if case .loggedIn(let since) = state { since } else { nil }
    }

    /// The WebSocket is open: log in.
    package mutating func opened(at now: Instant) -> [Action] {
        state = .loggingIn(since: now)
        lastHeard = now
        var lines: [Action] = [.send("CAP REQ :twitch.tv/tags twitch.tv/commands")]
        if case .account(_, let token) = credentials {
            lines.append(.send("PASS oauth:\(token.reveal())"))
        }
        lines.append(.send("NICK \(credentials.nick)"))
        return lines
    }

    /// Something was received, whatever it was: the connection lives.
    package mutating func heard(at now: Instant) {
        lastHeard = now
        pingedAt = nil
    }

    /// A line that concerns login or liveness; every line also counts as heard.
    package mutating func receive(_ line: Line, at now: Instant) -> [Action] {
        guard state != .ended else { return [] }
        switch line {
        case .welcome:
            guard case .loggingIn = state else { return [] }
            state = .loggedIn(since: now)
            return [.loggedIn]
        case .ping(let text):
            return [.send("PONG :\(text)")]
        case .pong:
            return []
        case .reconnect:
            guard !reconnectWasAnnounced else { return [] }
            reconnectWasAnnounced = true
            return [.reconnectAnnounced]
        case .loginNotice(let text):
            guard LoginRefusal(notice: text) != nil else { return [] }
            return close(.loginRefused(text))
        case .capabilityRefused(let capabilities):
            // Without tags there are no ids and no times: such a connection is of no use to an archive.
            return close(.loginRefused("capabilities refused: \(capabilities)"))
        }
    }

    /// Time has passed. Not to be called while we are the ones who do not read.
    package mutating func tick(at now: Instant) -> [Action] {
        switch state {
        case .connecting, .ended:
            return []
        case .loggingIn(let since):
            return now - since >= timing.login ? close(.loginTimeout) : []
        case .loggedIn(let since):
            if let pingedAt {
                return now - pingedAt >= timing.answer ? close(.silent) : []
            }
            guard now - (lastHeard ?? since) >= timing.idle else { return [] }
            pingedAt = now
            return [.send("PING :collector")]
        }
    }

    private mutating func close(_ end: ConnectionEnd) -> [Action] {
        state = .ended
        return [.close(end)]
    }
}
