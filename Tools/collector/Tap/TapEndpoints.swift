import EventBus
import FoundationEssentials
import ServiceRuntime

/// Where a tap listens when it is not told: the state directory, and the demo's below it.
enum TapEndpoints {
    static func found(_ settings: Settings) throws -> [String] {
        let state = try settings.string("STATE_DIR", default: "./data")
        return ["ipc://\(state)/bus/irc-gateway-*", "ipc://\(state)/demo/bus/irc-gateway-*"]
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
