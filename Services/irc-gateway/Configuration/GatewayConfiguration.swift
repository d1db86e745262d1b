import BusSettings
import EventBus
import Logging
import ServiceRuntime
import TwitchAPI
import TwitchChat

/// What a person may set of the gateway, read once and checked.
struct GatewayConfiguration: Sendable {
    /// The logins to begin with; the channels file may change them later.
    var channels: ChannelList
    /// `TWITCH_IRC_…`.
    var server: ChatServer
    /// `IRC_CHANNELS_PER_CONNECTION`.
    var channelsPerConnection: Int
    /// `IRC_JOIN_LIMIT`: JOINs in 10 s of one identity.
    var joinLimit: Int
    /// `IRC_CONNECT_INTERVAL`: the least time between two connections of this process.
    var connectInterval: Duration
    /// `GATEWAY_…`: how the channels are shared with other gateways.
    var sharing: SharingSettings
    /// `TOKEN_SERVICE_BUS`: nil for the default place.
    var tokenEndpoints: [String]?
    /// `STREAM_POLLER_BUS`: empty for the default place.
    var pollerEndpoints: [String]
    /// Somebody has logged in, as far as the settings tell.
    var hasToken: Bool
    /// `BACKFILL_URL`: nil when no history service is to be asked.
    var history: APIBaseURL?
    /// `BUS_…` and `JOURNAL_…`.
    var producer: ProducerSettings

    /// ## Configuration keys:
    /// - `CHANNELS`, `CHANNELS_FILE`: which channels; at least one.
    /// - `TWITCH_IRC_…`: see ``ChatServer``.
    /// - `IRC_CHANNELS_PER_CONNECTION`: 1 to 100, default 90.
    /// - `IRC_JOIN_LIMIT`: JOINs in 10 s, 1 to 2,000, default 20; verified bots may have more.
    /// - `IRC_CONNECT_INTERVAL`: default 1 s.
    /// - `GATEWAY_REPLICAS`, `GATEWAY_COUNT`, `GATEWAY_INDEX`: see ``SharingSettings``.
    /// - `TOKEN_SERVICE_BUS`: default `ipc://$STATE_DIR/bus/token-service-*`.
    /// - `STREAM_POLLER_BUS`: default `ipc://$STATE_DIR/bus/stream-poller-*`.
    /// - `BACKFILL_URL`: a recent-messages API, default none; `http://` for this machine only.
    /// - `BUS_…`, `JOURNAL_…`: see ``ProducerSettings``.
    init(_ settings: Settings) throws {
        channels = try ChannelList.load(settings: settings)
        guard !channels.logins.isEmpty || !channels.userIDs.isEmpty else {
            throw ConfigurationError("there are no channels to collect; set CHANNELS or name logins in channels.yaml")
        }
        server = try ChatServer(settings)
        channelsPerConnection = try settings.integer("IRC_CHANNELS_PER_CONNECTION", default: 90, in: 1...100)
        joinLimit = try settings.integer("IRC_JOIN_LIMIT", default: 20, in: 1...2000)
        connectInterval = try settings.duration("IRC_CONNECT_INTERVAL", default: .seconds(1))
        sharing = try SharingSettings(settings)
        history = try Self.history(settings)
        producer = try ProducerSettings(settings, service: "irc-gateway")
        pollerEndpoints = try settings.list("STREAM_POLLER_BUS")
        let tokenEndpoints = try settings.list("TOKEN_SERVICE_BUS")
        self.tokenEndpoints = tokenEndpoints.isEmpty ? nil : tokenEndpoints
        hasToken =
            try settings.secret("TWITCH_ACCESS_TOKEN") != nil || settings.secret("TWITCH_REFRESH_TOKEN") != nil
    }

    /// How to ask the stream-pollers which logins channels have.
    func pollers(stateDirectory: String) throws -> EventFollower.Configuration {
        let endpoints = pollerEndpoints.isEmpty ? ["ipc://\(stateDirectory)/bus/stream-poller-*"] : pollerEndpoints
        var followed = EventFollower.Configuration(endpoints: [])
        followed.follow(endpoints, of: "stream-poller")
        followed.security = producer.security
        followed.allowsPlaintext = producer.allowsPlaintext
        return followed
    }

    /// Checks what can be checked without opening anything.
    func checkBus(stateDirectory: String) throws {
        try producer.checkBind(stateDirectory: stateDirectory)
        _ = try StateQuery(pollers(stateDirectory: stateDirectory))
        guard let tokenEndpoints else { return }
        _ = try TokenFollower(
            .init(endpoints: tokenEndpoints, security: producer.security),
            logger: Logger(label: "irc-gateway") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Says what was mended in the list of channels, or left out of it.
    func warn(_ logger: Logger) {
        for warning in channels.warnings {
            logger.warning("channel list", metadata: [IRCLogKey.reason: "\(warning)"])
        }
    }

    private static func history(_ settings: Settings) throws -> APIBaseURL? {
        guard let url = try settings.string("BACKFILL_URL") else { return nil }
        do throws(APIBaseURL.Refusal) {
            return try APIBaseURL(url)
        } catch {
            // A password inside the URL must not be repeated.
            guard error != .credentials else { throw ConfigurationError("BACKFILL_URL: \(error.rawValue)") }
            throw ConfigurationError("BACKFILL_URL is '\(url)', which cannot be used; \(error.rawValue)")
        }
    }
}
