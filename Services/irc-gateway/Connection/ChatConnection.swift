import Logging
import NIOCore
import Protocol
import Synchronization
import TwitchChat

/// One IRC connection from the first byte to the last: carries out what the state machines decide.
///
/// A single task reads; while what it read finds no room in the journal's queue it does not read on, and Twitch waits.
final class ChatConnection: Sendable {
    /// What its reader has to act on, once.
    enum Retirement: Sendable {
        /// RECONNECT: this connection goes on for a while, another one has to be opened now.
        case announced
        /// It is over.
        /// How long ago it was logged in, and how long ago its first channel was joined; nil for never.
        case ended(ConnectionEnd, loggedInFor: Duration?, joinedFor: Duration?)
    }

    struct State {
        var session: IRCSession
        var joins: ChannelJoins
        var channel: (any Channel)?
        var end: ConnectionEnd?
        /// How many wait for room in the journal. While we do, we do not read: silence is our own doing.
        var waitingForJournal = 0
        var proof: ListeningProof
        /// What was told of live channels up to here is taken in.
        var liveVersion = 0
        /// Refused JOINs that are still to be published.
        var refusals: [EventDraft] = []
        /// Lines were read whose events are not published yet.
        var isReceiving = false
        /// Channels that the successor hears already: what has no id is taken from there.
        var superseded: Set<String> = []
        /// When the first channel was joined.
        var firstJoined: ContinuousClock.Instant?
        /// The connection that this one is to take over from.
        var predecessor: ChatConnection?
    }

    let number: Int
    let nick: String
    let credentials: Credentials
    let context: ConnectionContext
    let permits: JoinPermits
    let state: Mutex<State>
    /// Fires when a successor is needed.
    let retirement = Signal<Retirement>()
    /// Fires when each channel is joined or refused, or when the connection has ended before.
    let settled = Signal<Bool>()
    let logger: Logger

    init(
        number: Int,
        credentials: Credentials,
        channels: some Sequence<String>,
        permits: JoinPermits,
        predecessor: ChatConnection?,
        context: ConnectionContext,
        logger: Logger
    ) {
        self.number = number
        self.nick = credentials.nick
        self.credentials = credentials
        self.permits = permits
        self.context = context
        var logger = logger
        logger[metadataKey: IRCLogKey.connection] = "\(number)"
        self.logger = logger
        var joins = ChannelJoins(policy: context.joinPolicy)
        let now = ContinuousClock.now
        for login in channels { joins.want(login, at: now) }
        self.state = Mutex(
            State(
                session: IRCSession(credentials: credentials, timing: context.sessionTiming),
                joins: joins,
                proof: ListeningProof(longestAbsence: context.sessionTiming.absence),
                predecessor: predecessor
            )
        )
    }

    /// Connects, logs in, joins and reads until something ends it. Never throws: the end is told by `retirement`.
    func run() async {
        let end: ConnectionEnd
        do {
            let socket = try await context.client.connect()
            end = await serve(socket)
        } catch {
            end = error
        }
        let (chosen, loggedInSince, firstJoined, heardUntil) = state.withLock { state in
            defer { state.channel = nil }
            // What we decided ourselves explains more than the closed socket that follows from it.
            let chosen = state.end ?? end
            state.end = chosen
            state.predecessor = nil
            let heardUntil = state.proof.end(of: chosen, at: .now)
            return (chosen, state.session.loggedInSince, state.firstJoined, heardUntil)
        }
        await publishRefusals()
        do {
            try await context.record.stoppedAll(
                connection: number,
                because: chosen.collectionReason,
                at: heardUntil
            )
        } catch {
            logger.error("The end of the collection could not be published", metadata: [IRCLogKey.error: "\(error)"])
        }
        retirement.fire(
            .ended(chosen, loggedInFor: loggedInSince.map { .now - $0 }, joinedFor: firstJoined.map { .now - $0 })
        )
        settled.fire(false)
    }

    /// Begins the closing handshake; what still arrives is read. Before the socket is open it makes `run` return early.
    func close(_ end: ConnectionEnd) {
        let channel = state.withLock { state in
            state.end = state.end ?? end
            return state.channel
        }
        channel?.triggerUserOutboundEvent(WebSocketMessages.CloseRequest(), promise: nil)
    }

    /// The predecessor is closed: nothing is to be told to it any more.
    func forgetPredecessor() {
        state.withLock { $0.predecessor = nil }
    }

    /// The successor hears this channel.
    func supersede(_ login: String) {
        state.withLock { _ = $0.superseded.insert(login) }
    }

    func want(_ login: String) {
        state.withLock { $0.joins.want(login, at: .now) }
        tick(at: .now)
    }

    func unwant(_ login: String, because reason: StopReason) async {
        let hasToPart = state.withLock { $0.joins.unwant(login) && $0.session.isLoggedIn }
        if hasToPart { send(JoinLines.make("PART", [login])) }
        do {
            try await context.record.stopped(login, connection: number, because: reason)
        } catch {
            logger.error("The end of the collection could not be published", metadata: [IRCLogKey.error: "\(error)"])
        }
        tick(at: .now)
    }

    /// Logged in, and nothing ended it yet.
    var isReady: Bool { state.withLock { $0.session.isLoggedIn && $0.end == nil } }

    private func serve(_ socket: WebSocketClient.Socket) async -> ConnectionEnd {
        do {
            return try await socket.executeThenClose { inbound, _ in
                try await self.read(inbound, from: socket.channel)
            }
        } catch {
            return ConnectionEnd(error, to: context.endpoint)
        }
    }

    private func read(
        _ inbound: NIOAsyncChannelInboundStream<[ByteBuffer]>,
        from channel: any Channel
    ) async throws -> ConnectionEnd {
        let now = ContinuousClock.now
        let actions: [IRCSession.Action]? = state.withLock { state in
            guard state.end == nil else { return nil }
            state.channel = channel
            return state.session.opened(at: now)
        }
        guard let actions else { return .closed("") }
        perform(actions)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    try await Task.sleep(for: self.context.tick)
                    self.tick(at: .now)
                    await self.publishRefusals()
                }
            }
            defer { group.cancelAll() }
            for try await messages in inbound {
                try await self.receive(messages)
            }
            return .closed("")
        }
    }
}
