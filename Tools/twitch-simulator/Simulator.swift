import Logging
import NIOCore
import NIOWebSocket

/// A Twitch of our own: the rooms, who is in them, what is said there, and what goes wrong.
///
/// Runs on one event loop, the one that its connections are served by, so that handlers reach it without a hop
/// and nothing needs a lock.
actor Simulator {
    nonisolated let eventLoop: any EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // The loop lives as long as the server that owns this actor.
        unsafe self.eventLoop.executor.asUnownedSerialExecutor()
    }

    let settings: SimulatorSettings
    let clock: SimulatorClock
    let logger: Logger
    let startedAt: Int64
    var wire: SimulatorSettings.Wire

    // Who is there.
    var connections: [Int: Connection] = [:]
    var rooms: [String: Room] = [:]
    private var nextConnection = 1
    var joinWindows: [String: SlidingWindow] = [:]
    var loginWindows: [String: SlidingWindow] = [:]

    // Who they are, and what lets them in.
    var users = UserDirectory()
    var authorization: AuthorizationServer
    var audit = AuditLog()

    // Who is live.
    var streams: StreamBook
    var streamHistory = StreamHistory()
    var buckets: [String: PointsBucket] = [:]
    var helixLog = HelixLog()

    // What is said.
    var generator: ChatGenerator
    var pacer: Pacer
    var audience: Audience
    var bursts: [Burst] = []
    var nextBurst = 1
    var replay: Replay?
    var isPumpScheduled = false
    var timer: Scheduled<Void>?
    var line: [UInt8] = []

    // What somebody else remembers.
    var history = RecentMessages()

    // What goes wrong.
    var joinFaults = JoinFaults()
    var loginFaults: [String] = []
    var oauthFaults = HTTPFaults()
    var helixFaults = HTTPFaults()
    var historyFaults = HTTPFaults()

    var counters = Counters()

    init(
        settings: SimulatorSettings,
        replay: Replay? = nil,
        clock: SimulatorClock = .system,
        eventLoop: any EventLoop,
        logger: Logger
    ) {
        self.settings = settings
        self.clock = clock
        self.eventLoop = eventLoop
        self.logger = logger
        self.wire = settings.wire
        self.startedAt = clock.uptime()
        self.authorization = AuthorizationServer(settings.oauth)
        // Streams of a later run are other streams.
        self.streams = StreamBook(firstID: clock.unixMilliseconds() / 1000 * 10_000)
        let runID = settings.chat.runID ?? UInt32(truncatingIfNeeded: clock.unixMilliseconds() / 1000)
        self.generator = ChatGenerator(
            seed: settings.chat.seed,
            runID: runID,
            chatters: settings.chat.chatters,
            phrases: settings.chat.phrases
        )
        self.pacer = Pacer(rate: replay == nil ? settings.chat.rate : 0, at: clock.uptime())
        self.audience = Audience(channels: settings.chat.channels, seed: settings.chat.seed)
        self.replay = replay
        for (login, id) in replay?.roomIDs ?? [:] { self.users.register(login, id: id) }
        // Their ids can be asked for before anybody has asked for their logins.
        for login in settings.chat.channels { _ = self.users.id(of: login) }
    }

    // MARK: - Rooms

    /// The room of a login, made when it is first asked for.
    func room(_ login: String) -> Room {
        if let room = self.rooms[login] { return room }
        let room = Room(login: login, seed: self.settings.chat.seed, roomID: self.users.id(of: login))
        self.rooms[login] = room
        return room
    }

    /// Whether a JOIN of the login can succeed.
    func exists(_ login: String) -> Bool {
        guard Login.isValid(login), !self.users.isVacated(login) else { return false }
        return self.settings.chat.anyChannelExists || self.audience.channels.contains(login)
            || self.replay?.roomIDs[login] != nil
    }

    // MARK: - Connections

    func opened(_ channel: any Channel) -> Int {
        let connection = Connection(id: self.nextConnection, channel: channel, now: self.clock.uptime())
        self.nextConnection += 1
        self.connections[connection.id] = connection
        self.counters.connectionsOpened += 1
        self.logger.debug("connection opened", metadata: ["connection": "\(connection.id)"])
        self.scheduleTimer()
        return connection.id
    }

    func closed(_ id: Int) {
        guard let connection = self.connections.removeValue(forKey: id) else { return }
        connection.isClosing = true
        self.counters.connectionsClosed += 1
        for login in connection.rooms { self.rooms[login]?.remove(connection) }
        self.logger.debug("connection closed", metadata: ["connection": "\(id)"])
        self.pumpSoon()
    }

    /// Whether what the connection sends is read at all.
    func answers(_ id: Int) -> Bool { self.connections[id]?.hears ?? false }

    /// Sends lines that are not chat, at once.
    func reply(_ lines: [String], to connection: Connection) {
        for line in lines {
            let command = ServerLines.command(of: line)
            connection.append(Array("\(line)\r\n".utf8), command: command, wire: self.wire, isChat: false)
        }
        self.flush(connection)
    }

    func flush(_ connection: Connection) {
        guard connection.stalledUntil <= self.clock.uptime() else { return }
        _ = connection.flush(self.wire)
    }

    /// Sends a WebSocket close frame, then closes the TCP connection.
    func hangUp(_ connection: Connection, code: WebSocketErrorCode = .goingAway) {
        guard !connection.isClosing else { return }
        _ = connection.flush(self.wire)
        connection.isClosing = true
        var data = connection.channel.allocator.buffer(capacity: 2)
        data.write(webSocketErrorCode: code)
        connection.write(WebSocketFrame(fin: true, opcode: .connectionClose, data: data))
        connection.channel.flush()
        connection.channel.close(promise: nil)
    }

    /// Records that a client broke a rule of Twitch's.
    func violation(_ rule: String, connection id: Int, detail: String = "") {
        let nick = self.connections[id]?.nick ?? "*"
        self.counters.record(
            Violation(
                rule: rule,
                connection: id,
                nick: nick,
                detail: detail,
                atMilliseconds: self.clock.unixMilliseconds()
            )
        )
        self.logger.warning(
            "client broke a rule",
            metadata: ["rule": "\(rule)", "connection": "\(id)", "nick": "\(nick)", "detail": "\(detail)"]
        )
    }

    /// Ends every connection and everything that waits.
    func stop() {
        self.timer?.cancel()
        for burst in self.bursts { burst.promise.fail(SimulatorStopped()) }
        self.bursts = []
        for connection in self.connections.values { self.hangUp(connection) }
    }
}

/// What a waiting request is answered with when the simulator stops.
struct SimulatorStopped: Error, CustomStringConvertible {
    var description: String { "the simulator is stopping" }
}
