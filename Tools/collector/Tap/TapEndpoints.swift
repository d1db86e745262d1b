import FoundationEssentials
import ServiceRuntime

/// Where a tap listens when it is not told: the state directory, and the demo's below it.
enum TapEndpoints {
    static func found(_ settings: Settings) throws -> [String] {
        let state = try settings.string("STATE_DIR", default: "./data")
        return ["ipc://\(state)/bus/irc-gateway-*", "ipc://\(state)/demo/bus/irc-gateway-*"]
    }
}
