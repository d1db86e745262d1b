import EventBus
import FoundationEssentials
import ServiceRuntime

/// Where a tap listens when it is not told: the state directory, and the demo's below it.
enum TapEndpoints {
    /// The gateways, unless `IRC_GATEWAY_BUS` says where they are.
    static func gateways(_ settings: Settings) throws -> [String] {
        try endpoints(of: "irc-gateway", named: "IRC_GATEWAY_BUS", settings)
    }

    /// The stream-pollers, unless `STREAM_POLLER_BUS` says where they are.
    static func pollers(_ settings: Settings) throws -> [String] {
        try endpoints(of: "stream-poller", named: "STREAM_POLLER_BUS", settings)
    }

    private static func endpoints(of service: String, named name: String, _ settings: Settings) throws -> [String] {
        let configured = try settings.list(name)
        guard configured.isEmpty else { return configured }
        return try ownDirectories(settings).map { "ipc://\($0)/bus/\(service)-*" }
    }

    /// Where the gateways are that a tap listens to; empty where `IRC_GATEWAY_BUS` names them.
    static func stateDirectories(_ settings: Settings) throws -> [String] {
        try settings.list("IRC_GATEWAY_BUS").isEmpty ? ownDirectories(settings) : []
    }

    private static func ownDirectories(_ settings: Settings) throws -> [String] {
        let state = try settings.stateDirectoryPath()
        return [state, state + "/demo"]
    }

    /// The tap's own key, which only tcp endpoints need; nil without one.
    static func security(_ settings: Settings, for endpoints: [String]) throws -> BusSecurity? {
        guard endpoints.contains(where: { $0.hasPrefix("tcp://") }) else { return nil }
        return try BusSecurity.configured(
            settings.string("BUS_KEYS_DIR"),
            stateDirectory: settings.stateDirectoryPath(),
            name: "collector"
        )
    }
}
