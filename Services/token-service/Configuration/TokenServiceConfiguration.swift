import BusSettings
import EventBus
import Logging
import ServiceRuntime
import TwitchAPI

/// What a person may set of the token service, read once and checked.
struct TokenServiceConfiguration: Sendable {
    /// `TWITCH_AUTH_URL`.
    var authURL: APIBaseURL
    /// `TWITCH_CLIENT_ID`.
    var clientID: String?
    /// `TWITCH_CLIENT_SECRET`.
    var clientSecret: Secret?
    /// `TWITCH_ACCESS_TOKEN` and `TWITCH_REFRESH_TOKEN`: imported once.
    var imported: ImportedTokens?
    /// `TOKEN_WRITE_ENV`.
    var writesEnvironmentFile: Bool
    /// `TOKEN_VALIDATE_INTERVAL`.
    var validateInterval: Duration
    /// `BUS_BIND`.
    var bind: String?
    /// `BUS_KEYS_DIR`; nil: the default place, where keys may be missing.
    var keysDirectory: String?
    /// `IRC_GATEWAY_BUS` and `STREAM_POLLER_BUS`: whose rejections are heard.
    var gateways: [String]
    var pollers: [String]
    /// `BUS_ALLOW_PLAINTEXT`.
    var allowsPlaintext: Bool

    /// ## Configuration keys:
    /// - `TWITCH_AUTH_URL`: default `https://id.twitch.tv/oauth2`; `http://` for this machine only.
    /// - `TWITCH_CLIENT_ID`, `TWITCH_CLIENT_SECRET`: the application; a public one has no secret.
    /// - `TWITCH_ACCESS_TOKEN`, `TWITCH_REFRESH_TOKEN`: a pair to begin with.
    /// - `TOKEN_WRITE_ENV`: write renewed tokens back into `.env`, default `false`.
    /// - `TOKEN_VALIDATE_INTERVAL`: 15 s to 1 h, default 1 h.
    /// - `BUS_BIND`: default `ipc://$STATE_DIR/bus/token-service-0`.
    /// - `BUS_KEYS_DIR`: default `$STATE_DIR/keys`.
    /// - `IRC_GATEWAY_BUS`, `STREAM_POLLER_BUS`: default below `STATE_DIR`.
    /// - `BUS_ALLOW_PLAINTEXT`: follow gateways and pollers without CURVE over tcp, default `false`.
    init(_ settings: Settings) throws {
        self.authURL = try Self.authURL(settings)
        self.clientID = try settings.string("TWITCH_CLIENT_ID")
        self.clientSecret = try settings.secret("TWITCH_CLIENT_SECRET")
        guard self.clientID != nil || self.clientSecret == nil else {
            throw ConfigurationError("TWITCH_CLIENT_SECRET is set, but TWITCH_CLIENT_ID is not; set both or none")
        }
        self.imported = ImportedTokens(
            access: try settings.secret("TWITCH_ACCESS_TOKEN"),
            refresh: try settings.secret("TWITCH_REFRESH_TOKEN")
        )
        self.writesEnvironmentFile = try settings.boolean("TOKEN_WRITE_ENV", default: false)
        self.validateInterval = try settings.duration("TOKEN_VALIDATE_INTERVAL", default: .seconds(3600))
        guard (.seconds(15) ... .seconds(3600)).contains(self.validateInterval) else {
            throw settings.wrong(
                "TOKEN_VALIDATE_INTERVAL",
                "\(self.validateInterval)",
                "15s to 1h: Twitch requires a validation each hour"
            )
        }
        self.bind = try Self.bind(settings)
        self.keysDirectory = try settings.string("BUS_KEYS_DIR")
        let state = try settings.stateDirectoryPath()
        let gateways = try settings.list("IRC_GATEWAY_BUS")
        self.gateways = gateways.isEmpty ? ["ipc://\(state)/bus/irc-gateway-*"] : gateways
        let pollers = try settings.list("STREAM_POLLER_BUS")
        self.pollers = pollers.isEmpty ? ["ipc://\(state)/bus/stream-poller-*"] : pollers
        self.allowsPlaintext = try settings.boolean("BUS_ALLOW_PLAINTEXT", default: false)
    }

    /// Checks what can be checked without opening anything.
    func checkBus(stateDirectory: String) throws {
        let security = try BusSecurity.configured(
            self.keysDirectory,
            stateDirectory: stateDirectory,
            name: "token-service"
        )
        try ProducerSettings.checkBind(self.bind, service: "token-service", stateDirectory: stateDirectory)
        try TokenEndpoint.check(
            BusAddress(self.bind ?? "ipc://\(stateDirectory)/bus/token-service-0"),
            security: security
        )
        _ = try RejectionFollower(
            endpoints: self.gateways,
            pollers: self.pollers,
            security: security,
            allowsPlaintext: self.allowsPlaintext,
            logger: Logger(label: "token-service") { _ in SwiftLogNoOpLogHandler() },
            onRejection: { _ in }
        )
    }

    /// With an id and a secret there is an app access token too.
    var keepsAppToken: Bool { self.clientID != nil && self.clientSecret != nil }

    private static func bind(_ settings: Settings) throws -> String? {
        guard let bind = try settings.string("BUS_BIND") else { return nil }
        do throws(BusAddressError) {
            _ = try BusAddress(bind)
        } catch {
            throw ConfigurationError("BUS_BIND: \(error)")
        }
        return bind
    }

    private static func authURL(_ settings: Settings) throws -> APIBaseURL {
        let url = try settings.string("TWITCH_AUTH_URL", default: "https://id.twitch.tv/oauth2")
        do throws(APIBaseURL.Refusal) {
            return try APIBaseURL(url)
        } catch {
            // A password inside the URL must not be repeated.
            guard error != .credentials else { throw ConfigurationError("TWITCH_AUTH_URL: \(error.rawValue)") }
            throw ConfigurationError("TWITCH_AUTH_URL is '\(url)', which cannot be used; \(error.rawValue)")
        }
    }
}
