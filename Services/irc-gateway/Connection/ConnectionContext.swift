import Protocol
import TwitchChat

/// What all connections of a gateway share.
struct ConnectionContext: Sendable {
    var endpoint: WebSocketEndpoint
    var client: WebSocketClient
    var sessionTiming = IRCSession.Timing()
    var joinPolicy = JoinPolicy()
    /// How often a connection looks at the clock.
    var tick = Duration.milliseconds(250)
    var intake: ChatIntake
    var record: CollectionRecord
    var metrics: GatewayMetrics
    var outages: OutageLog
    /// Told about channels that the account is not let into.
    var demand = ChannelDemand()
    /// Told which channels are heard.
    var live = LiveChannels()
    /// Told of each message, where a history service is to be asked about holes.
    var holes: HoleBook?
    /// The same that the record of sessions goes by.
    var clock = SteadyClock()
    var publish: EventSink
}
