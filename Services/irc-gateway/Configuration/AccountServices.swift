import BusSettings
import EventBus
import FoundationEssentials
import Logging
import ServiceLifecycle

extension TokenFollower: TokenSource {}

/// Who logs in, and what keeps that up to date.
struct AccountServices: Sendable {
    /// How long the first connections wait for a token that is expected: token-service starts beside us, and asks Twitch
    /// before it publishes.
    private static let grace = Duration.seconds(3)

    let credentials: any CredentialsSource
    private let follower: TokenFollower?
    private let account: AccountCredentials?

    /// Follows the token service where one may be.
    /// - Throws: when a place that was named for tokens is not a safe one.
    init(
        _ configuration: GatewayConfiguration,
        stateDirectory: String,
        _ metrics: GatewayMetrics,
        _ logger: Logger
    ) throws {
        let arrival = Signal<Void>()
        let endpoints = configuration.tokenEndpoints ?? ["ipc://\(stateDirectory)/bus/token-service-*"]
        let follower: TokenFollower
        do {
            follower = try TokenFollower(
                .init(endpoints: endpoints, security: configuration.producer.security),
                logger: logger
            ) {
                if $0 == "user", $1 != nil { arrival.fire(()) }
            }
        } catch {
            guard configuration.tokenEndpoints == nil else { throw error }
            // Nobody asked for an account: a place that is not safe for tokens is no reason not to read chat.
            logger.warning("Reading anonymously", metadata: [IRCLogKey.reason: "\(error)"])
            account = nil
            credentials = AnonymousCredentials()
            self.follower = nil
            return
        }
        let isExpected =
            configuration.hasToken || configuration.tokenEndpoints != nil
            || FileManager.default.fileExists(atPath: "\(stateDirectory)/tokens.json")
        let account = AccountCredentials(
            tokens: follower,
            channelsPerReader: configuration.channelsPerConnection,
            arrival: arrival,
            grace: isExpected ? Self.grace : .zero,
            fingerprint: TokenFingerprint.of,
            metrics: metrics,
            logger: logger
        )
        self.account = account
        credentials = account
        self.follower = follower
    }

    /// What has to run; `publish` tells the token service of refused tokens.
    func services(publishing publish: @escaping EventSink) -> [any Service] {
        guard let follower, let account else { return [] }
        return [follower, RejectionReports(account: account, publish: publish)]
    }

    /// Other gateways use the account as well.
    func take(_ place: GatewayPlace) { account?.take(place) }

    /// Why an account that there is is not used, in one line.
    var obstacle: String? { account?.obstacle }
}
