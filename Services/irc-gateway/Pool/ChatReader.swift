import Logging
import Protocol
import Synchronization
import TwitchChat

/// Keeps a set of channels being listened to: on one connection, on two while Twitch moves us from one to the next.
final class ChatReader: Sendable {
    private struct State {
        var channels: Set<String>
        /// Newest last.
        var connections: [ChatConnection] = []
    }

    private let number: Int
    /// Never logs in with the account.
    private let isAnonymous: Bool
    private let context: ReaderContext
    private let logger: Logger
    private let state: Mutex<State>
    private let stopped = Signal<ConnectionEnd>()

    init(number: Int, isAnonymous: Bool, context: ReaderContext, logger: Logger) {
        self.number = number
        self.isAnonymous = isAnonymous
        self.context = context
        var logger = logger
        logger[metadataKey: IRCLogKey.reader] = "\(number)"
        self.logger = logger
        self.state = Mutex(State(channels: []))
    }

    func add(_ login: String) {
        let connections = state.withLock { state in
            state.channels.insert(login)
            return state.connections
        }
        for connection in connections { connection.want(login) }
    }

    func remove(_ login: String, because reason: StopReason) async {
        let connections = state.withLock { state in
            state.channels.remove(login)
            return state.connections
        }
        for connection in connections { await connection.unwant(login, because: reason) }
    }

    /// Closes what is open and opens nothing more: `run` returns soon.
    func stop(_ end: ConnectionEnd) {
        stopped.fire(end)
        for connection in state.withLock({ $0.connections }) { connection.close(end) }
    }

    /// What its connections have reached, and what is still waited for.
    var progress: ReaderProgress {
        let (channels, connections) = state.withLock { ($0.channels, $0.connections) }
        return ReaderProgress(channels: channels, connections: connections)
    }

    /// Stays connected until `stop`.
    func run() async {
        defer { context.credentials.released(by: number) }
        await withDiscardingTaskGroup { group in
            var backoff = ReconnectBackoff(context.backoff)
            var generator = SystemRandomNumberGenerator()
            var old: ChatConnection?
            while let connection = await open(after: old) {
                group.addTask {
                    await connection.run()
                    self.closed(connection)
                }
                if let previous = old {
                    await handOver(from: previous, to: connection)
                    // A successor that failed leaves the old connection in service: it is tried again.
                    old = connection.settled.value == true ? nil : previous
                }
                switch await connection.retirement.wait() {
                case .announced:
                    context.connection.metrics.reconnected("reconnect")
                    old?.close(.replaced)
                    old = connection
                case .ended(let end, let loggedInFor, let joinedFor):
                    guard stopped.value == nil else { break }
                    report(end, of: connection)
                    let login = context.credentials.ended(connection.credentials, with: end, loggedInFor: loggedInFor)
                    if let rejection = login.rejection {
                        // Beside the reconnect: a journal without room must not keep us from reading.
                        group.addTask { await self.tell(rejection) }
                    }
                    if login.isWorthTryingAtOnce { continue }
                    let pause = backoff.pause(joinedFor: joinedFor, using: &generator)
                    _ = await stopped.wait(upTo: pause)
                case nil:
                    break
                }
            }
            old?.close(stopped.value ?? .shutdown)
        }
    }

    /// The next connection, when it is its turn; nil when there is to be none.
    private func open(after predecessor: ChatConnection?) async -> ChatConnection? {
        let turn = context.pacer.withLock { $0.reserve(at: .now) }
        if await stopped.wait(upTo: turn - .now) != nil || Task.isCancelled { return nil }
        let credentials =
            isAnonymous ? .randomAnonymous() : await context.credentials.credentials(for: number)
        let number = context.numbers.withLock { number in
            number += 1
            return number
        }
        return state.withLock { state -> ChatConnection? in
            // Whoever calls `stop` after this sees the connection in the list.
            guard stopped.value == nil else { return nil }
            let connection = ChatConnection(
                number: number,
                credentials: credentials,
                channels: state.channels,
                permits: context.permits.permits(for: credentials),
                predecessor: predecessor,
                context: context.connection,
                logger: logger
            )
            state.connections.append(connection)
            return connection
        }
    }

    /// Waits until the new connection has joined, then closes the old one.
    private func handOver(from old: ChatConnection, to new: ChatConnection) async {
        guard await new.settled.wait() == true else { return }
        old.close(.replaced)
        new.forgetPredecessor()
    }

    private func closed(_ connection: ChatConnection) {
        state.withLock { $0.connections.removeAll { $0 === connection } }
    }

    /// Publishes that Twitch refused a token, so that the token service refreshes it.
    private func tell(_ rejection: TokenRejected) async {
        do {
            try await context.connection.publish([EventDraft(rejection)])
        } catch {
            // It finds out by itself, at its next validation.
            logger.error("The refused token could not be reported", metadata: [IRCLogKey.error: "\(error)"])
        }
    }

    private func report(_ end: ConnectionEnd, of connection: ChatConnection) {
        context.connection.metrics.reconnected(end.label)
        switch end {
        case .loginRefused where connection.credentials.isAccount:
            // No outage: whoever refuses an account lets us read without one.
            break
        case .unreachable, .tls, .upgradeRefused, .loginTimeout, .loginRefused:
            context.connection.outages.failed(end, server: context.connection.endpoint)
        case .replaced, .unneeded, .shutdown:
            break
        case .closed, .silent:
            logger.warning("A connection was lost; opening another", metadata: [IRCLogKey.cause: "\(end.explanation)"])
        }
    }
}
