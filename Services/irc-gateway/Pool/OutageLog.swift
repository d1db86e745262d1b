import Logging
import Synchronization
import TwitchChat

/// One line when connections begin to fail, one when they work again, however many of them there are.
final class OutageLog: Sendable {
    private let logger: Logger
    private let current = Mutex<ConnectionEnd?>(nil)

    init(logger: Logger) {
        self.logger = logger
    }

    /// Why there is no connection; nil while nothing is known to be wrong.
    var cause: ConnectionEnd? { current.withLock { $0 } }

    /// No connection came about.
    func failed(_ end: ConnectionEnd, server: WebSocketEndpoint) {
        let isNews = current.withLock { current in
            defer { current = end }
            return current != end
        }
        logger.log(
            level: isNews ? .warning : .debug,
            "Twitch chat cannot be reached; trying again for as long as it takes",
            metadata: [IRCLogKey.server: "\(server)", IRCLogKey.cause: "\(end.explanation)"]
        )
    }

    /// A connection came about.
    func ended() {
        let wasFailing = current.withLock { current in
            defer { current = nil }
            return current != nil
        }
        if wasFailing { logger.notice("Twitch chat is reachable again") }
    }
}
