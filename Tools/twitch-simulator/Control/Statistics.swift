import NIOCore

/// The answer of `GET /stats`.
struct Statistics: Codable, Sendable {
    /// One channel.
    struct Channel: Codable, Sendable {
        var roomID: String
        var readers: Int
        /// Lines handed to at least one reader.
        var offered: Int
        /// The same by kind and by IRC command.
        var kinds: [String: Int]
        var commands: [String: Int]
        var unheard: Int
        var withheld: Int
        var redelivered: Int
        /// Numbered lines (PRIVMSG and USERNOTICE that the simulator made): the ids are `idPrefix` and the numbers
        /// 1…`lastSequence` as 12 hexadecimal digits.
        var idPrefix: String
        var lastSequence: Int64

        private enum CodingKeys: String, CodingKey {
            case roomID = "roomId"
            case readers
            case offered
            case kinds
            case commands
            case unheard
            case withheld
            case redelivered
            case idPrefix
            case lastSequence
        }
    }

    /// A replay's progress.
    struct Replay: Codable, Sendable {
        var position: Int
        var total: Int
        /// The channel that the next line needs a reader in.
        var next: String?
    }

    var uptimeMilliseconds: Int64
    var rate: Double
    var offered: Int
    var unheard: Int
    var withheld: Int
    var redelivered: Int
    var channels: [String: Channel]
    var connections: Int
    var connectionsOpened: Int
    var connectionsClosed: Int
    var loginAttempts: Int
    var logins: Int
    var loginsRefused: Int
    var joinAttempts: Int
    var joins: Int
    var parts: Int
    var joinRateViolations: Int
    var closedWithoutPong: Int
    var slowReadersClosed: Int
    var violationCount: Int
    /// The latest 1,000 broken rules.
    var violations: [Violation]
    var replay: Replay?
}

/// One item of `GET /connections`.
struct ConnectionState: Codable, Sendable {
    var id: Int
    var nick: String?
    var isLoggedIn: Bool
    var isAnonymous: Bool
    var capabilities: [String]
    var rooms: [String]
    var isHalfOpen: Bool
    var isStalled: Bool
    var isWritable: Bool
    /// Chat lines handed to it.
    var lines: Int
    var webSocketMessages: Int
    var bytes: Int
}

extension Simulator {
    func statistics() -> Statistics {
        var channels: [String: Statistics.Channel] = [:]
        for room in self.rooms.values {
            var commands: [String: Int] = [:]
            for (kind, count) in room.offered { commands[kind.command, default: 0] += count }
            channels[room.login] = Statistics.Channel(
                roomID: room.roomID,
                readers: room.readers.filter(\.hears).count,
                offered: room.offered.values.reduce(0, +),
                kinds: Dictionary(uniqueKeysWithValues: room.offered.map { ($0.key.rawValue, $0.value) }),
                commands: commands,
                unheard: room.unheard,
                withheld: room.withheld,
                redelivered: room.redelivered,
                idPrefix: MessageID.prefix(runID: self.generator.runID, login: room.login),
                lastSequence: room.sequence
            )
        }
        let counters = self.counters
        return Statistics(
            uptimeMilliseconds: (self.clock.uptime() - self.startedAt) / 1_000_000,
            rate: self.pacer.rate,
            offered: channels.values.reduce(0) { $0 + $1.offered },
            unheard: channels.values.reduce(counters.unheardAnywhere) { $0 + $1.unheard },
            withheld: channels.values.reduce(0) { $0 + $1.withheld },
            redelivered: channels.values.reduce(0) { $0 + $1.redelivered },
            channels: channels,
            connections: self.connections.count,
            connectionsOpened: counters.connectionsOpened,
            connectionsClosed: counters.connectionsClosed,
            loginAttempts: counters.loginAttempts,
            logins: counters.logins,
            loginsRefused: counters.loginsRefused,
            joinAttempts: counters.joinAttempts,
            joins: counters.joins,
            parts: counters.parts,
            joinRateViolations: counters.joinRateViolations,
            closedWithoutPong: counters.closedWithoutPong,
            slowReadersClosed: counters.slowReadersClosed,
            violationCount: counters.violationCount,
            violations: counters.violations,
            replay: self.replay.map {
                Statistics.Replay(position: $0.position, total: $0.lines.count, next: $0.next?.channel)
            }
        )
    }

    func connectionStates() -> [ConnectionState] {
        let now = self.clock.uptime()
        return self.connections.values.sorted { $0.id < $1.id }.map {
            ConnectionState(
                id: $0.id,
                nick: $0.nick,
                isLoggedIn: $0.isLoggedIn,
                isAnonymous: $0.isAnonymous,
                capabilities: $0.capabilities.map(\.rawValue).sorted(),
                rooms: $0.rooms.sorted(),
                isHalfOpen: $0.isHalfOpen,
                isStalled: $0.stalledUntil > now,
                isWritable: $0.channel.isWritable,
                lines: $0.linesWritten,
                webSocketMessages: $0.messagesWritten,
                bytes: $0.bytesWritten
            )
        }
    }

    /// Sets the rate of generated chat, lines per second.
    func setRate(_ rate: Double) {
        self.pacer.set(rate: rate, at: self.clock.uptime())
        self.scheduleTimer()
    }

    /// Sets the channels that chat is generated for.
    func setChannels(_ channels: [String]) {
        self.audience = Audience(channels: channels, seed: self.settings.chat.seed)
    }

    /// Delivers a dictated line as it is.
    ///
    /// - Returns: whether somebody got it.
    func say(raw text: String, in login: String) -> Bool {
        let room = self.room(login)
        let line = Replay.line(Array(text.utf8))
        let kind = ChatKind.raw(line.command)
        let before = room.unheard
        self.deliver(line.bytes, kind, command: line.command, in: room)
        for reader in room.readers { self.flush(reader) }
        return room.unheard == before
    }
}
