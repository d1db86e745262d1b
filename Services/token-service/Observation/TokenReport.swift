import Logging
import Protocol
import TokenStore
import TwitchAPI

/// Tells people and metrics what happens to tokens. Tokens are named by fingerprint.
struct TokenReport: Sendable {
    let logger: Logger
    let user = TokenMetrics(kind: "user")
    let app = TokenMetrics(kind: "app")

    func tell(_ notice: UserTokenKeeper.Notice) {
        switch notice {
        case .noAccount:
            self.logger.notice("no account is logged in; chat is read anonymously; collector auth login changes that")
        case .valid(let token):
            self.logger.info("the user token is valid", metadata: self.metadata(token))
        case .lacksChatRead(let token):
            self.logger.warning(
                "the user token lacks the scope chat:read, so chat is read anonymously; run: collector auth login",
                metadata: self.metadata(token)
            )
        case .refreshed(let token):
            self.logger.info("the user token was renewed", metadata: self.metadata(token))
        case .rejected(let reason):
            self.logger.warning("a service reports that Twitch refused the user token", metadata: self.metadata(reason))
        case .trouble(let reason):
            self.logger.warning("a problem with the user token; trying on", metadata: self.metadata(reason))
        case .troubleOver:
            self.logger.info("the problem with the user token is over", metadata: [TokenLogKey.kind: "user"])
        case .answerLost(let reason):
            self.logger.warning(
                "it is not known whether a renewal happened; asking about the old token",
                metadata: self.metadata(reason)
            )
        case .refreshDidNotHappen:
            self.logger.info("the renewal did not happen; it is tried again", metadata: [TokenLogKey.kind: "user"])
        case .error(let line):
            self.logger.error("\(line)", metadata: [TokenLogKey.kind: "user"])
        case .fileRestored:
            self.logger.warning(
                """
                the token file was removed, or replaced by an older copy, and is put back; to log out, run: \
                collector auth logout
                """,
                metadata: [TokenLogKey.kind: "user"]
            )
        case .lockRestored:
            self.logger.warning(
                "token-service.lock had been removed or replaced, and is held again",
                metadata: [TokenLogKey.kind: "user"]
            )
        case .clockSet(let step):
            self.logger.warning(
                "the clock of this machine was set; the token's times are published anew",
                metadata: [
                    TokenLogKey.kind: "user", TokenLogKey.clockStep: "\(Int((step / .seconds(1)).rounded())) s",
                ]
            )
        case .superseded:
            self.logger.info("a login or logout came during a renewal and counts", metadata: [TokenLogKey.kind: "user"])
        }
    }

    func tell(_ notice: AppTokenKeeper.Notice) {
        let kind: Logger.Metadata = [TokenLogKey.kind: "app"]
        switch notice {
        case .obtained: self.logger.info("got an app access token", metadata: kind)
        case .rejected(let reason):
            self.logger.warning(
                "a service reports that Twitch refused the app token",
                metadata: [TokenLogKey.kind: "app", TokenLogKey.reason: "\(reason)"]
            )
        case .trouble(let reason):
            self.logger.warning(
                "a problem with the app token; trying on",
                metadata: [TokenLogKey.kind: "app", TokenLogKey.reason: "\(reason)"]
            )
        case .troubleOver: self.logger.info("the problem with the app token is over", metadata: kind)
        case .error(let line): self.logger.error("\(line)", metadata: kind)
        }
    }

    private func metadata(_ reason: String) -> Logger.Metadata {
        [TokenLogKey.kind: "user", TokenLogKey.reason: "\(reason)"]
    }

    private func metadata(_ token: StoredToken) -> Logger.Metadata {
        [
            TokenLogKey.kind: "user",
            TokenLogKey.fingerprint: "\(token.accessToken.fingerprint)",
            TokenLogKey.login: "\(token.login ?? "unknown")",
            TokenLogKey.scopes: "\((token.scopes ?? []).joined(separator: " "))",
            TokenLogKey.expiresAt: "\(token.expiresAt.map { "\($0)" } ?? "unknown")",
            TokenLogKey.canRefresh: "\(token.refreshToken != nil)",
        ]
    }
}
