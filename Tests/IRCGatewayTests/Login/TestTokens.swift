import Logging
import Protocol
import Synchronization
import TwitchChat

@testable import irc_gateway

/// A token service that a test steers.
final class TestTokens: TokenSource {
    private let token = Mutex<TokenIssued?>(nil)
    let arrival = Signal<Void>()

    init(_ token: String? = nil) {
        if let token { issue(token) }
    }

    func current(_ kind: String) -> TokenIssued? {
        token.withLock { $0?.kind == kind ? $0 : nil }
    }

    func issue(_ text: String, version: Int = 1, scopes: [String] = ["chat:read"]) {
        token.withLock {
            $0 = TokenIssued(
                kind: "user",
                accessToken: text,
                login: "harborlog",
                userID: "700100100",
                clientID: "client",
                scopes: scopes,
                version: version
            )
        }
        arrival.fire(())
    }

    func withdraw() { token.withLock { $0 = nil } }

    /// Credentials for connections of so many channels.
    func credentials(
        channelsPerReader: Int = 90,
        grace: Duration = .zero,
        policy: AccountUse.Policy = .init()
    ) -> AccountCredentials {
        var logger = Logger(label: "credentials")
        logger.logLevel = .critical
        return AccountCredentials(
            tokens: self,
            channelsPerReader: channelsPerReader,
            arrival: arrival,
            grace: grace,
            fingerprint: { "print-of-\($0)" },
            policy: policy,
            metrics: GatewayMetrics(),
            logger: logger
        )
    }
}
