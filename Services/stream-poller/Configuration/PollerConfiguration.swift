import BusSettings
import EventBus
import Logging
import ServiceRuntime
import TwitchAPI

/// What a person may set of the poller, read once and checked.
struct PollerConfiguration: Sendable {
    /// The channels to begin with; the channels file may change them later.
    var channels: ChannelList
    var plan: StreamPolling.Plan
    /// `TWITCH_API_URL`.
    var endpoint: APIBaseURL
    /// `TOKEN_SERVICE_BUS`.
    var tokenEndpoints: [String]
    /// `BUS_…` and `JOURNAL_…`.
    var producer: ProducerSettings

    /// ## Configuration keys:
    /// - `CHANNELS`, `CHANNELS_FILE`: which channels, by login or id; at least one.
    /// - `STREAM_POLL_INTERVAL`: at least 500ms, default `scheduler.interval_minutes` of the channels file, else 1 min.
    /// - `STREAM_OFFLINE_POLLS`: polls in a row without a stream until it is over, default 3.
    /// - `STREAM_OFFLINE_AFTER`: over which time at least, default 3m.
    /// - `TWITCH_API_URL`: default `https://api.twitch.tv/helix`.
    /// - `TOKEN_SERVICE_BUS`: default `ipc://$STATE_DIR/bus/token-service-*`.
    /// - `BUS_…`, `JOURNAL_…`: see ``ProducerSettings``.
    init(_ settings: Settings) throws {
        channels = try ChannelList.load(settings: settings)
        endpoint = try APIBaseURL.helix(settings)
        plan = try Self.plan(settings)
        let state = try settings.stateDirectoryPath()
        let tokens = try settings.list("TOKEN_SERVICE_BUS")
        tokenEndpoints = tokens.isEmpty ? ["ipc://\(state)/bus/token-service-*"] : tokens
        producer = try ProducerSettings(settings, service: "stream-poller")
    }

    /// Checks what can be checked without opening anything.
    func checkBus(stateDirectory: String) throws {
        try producer.checkBind(stateDirectory: stateDirectory)
        _ = try TokenFollower(
            .init(endpoints: tokenEndpoints, security: producer.security),
            logger: Logger(label: "stream-poller") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Says what was mended in the list of channels, or left out of it.
    func warn(_ logger: Logger) {
        for warning in channels.warnings {
            logger.warning("channel list", metadata: [PollerLogKey.reason: "\(warning)"])
        }
    }

    private static func plan(_ settings: Settings) throws -> StreamPolling.Plan {
        let name = "STREAM_POLL_INTERVAL"
        var interval: Duration?
        if let text = try settings.string(name) {
            let duration = try settings.duration(name, default: .zero)
            guard duration >= .milliseconds(500) else { throw settings.wrong(name, text, "at least 500ms") }
            interval = duration
        }
        return StreamPolling.Plan(
            interval: interval,
            policy: StreamTracker.Policy(
                absentPolls: try settings.integer("STREAM_OFFLINE_POLLS", default: 3, in: 1...1000),
                absentFor: try settings.duration("STREAM_OFFLINE_AFTER", default: .seconds(180))
            )
        )
    }
}
