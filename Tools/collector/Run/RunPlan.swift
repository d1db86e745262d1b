import FoundationEssentials
import ServiceRuntime

/// What `collector run` is going to start, decided before anything starts.
struct RunPlan: Sendable {
    /// The folder that holds our own executable and so the services'.
    var programs: String
    var stateDirectory: String
    /// What services read beside what they inherit.
    var environment: [String: String]
    /// Set when there is nothing to collect: chat comes from our own simulator.
    var demo: Demo?
    var database: String
    /// Where the chat comes from, for a person.
    var source: String
    /// `LOG_FORMAT`, where it is set.
    var logFormat: String?

    /// Where the services write their logs.
    var logs: String { stateDirectory + "/log" }

    /// The simulated chat.
    struct Demo: Sendable {
        var channels: [String]
        /// Lines per second over all channels.
        var rate: Double
    }

    /// Decides from the settings.
    /// - Parameters:
    ///   - settings: What is configured.
    ///   - forceDemo: Simulate even though channels are configured.
    ///   - rate: Lines per second of the simulated chat.
    ///   - directory: The working directory, where `.env` may be.
    /// - Throws: `ConfigurationError`, or why the state directory cannot be used.
    init(_ settings: Settings, forceDemo: Bool, rate: Double, directory: String) throws {
        let files = FileManager.default
        let channelsFile = try settings.string("CHANNELS_FILE", default: "channels.yaml")
        let isConfigured =
            try !settings.list("CHANNELS").isEmpty || settings.string("CHANNELS_FILE") != nil
            || files.fileExists(atPath: directory + "/" + channelsFile) || files.fileExists(atPath: directory + "/.env")
        programs = try Self.programFolder()
        // glibc gives each thread a heap of its own, and batches are made on one thread and freed on another, so the heaps
        // only grow. One for all saves the writer 10 MiB and costs it a tenth of its peak rate.
        environment = ["HTTP_PORT": "0", "MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "131072"]
        logFormat = try settings.string("LOG_FORMAT")
        if forceDemo || !isConfigured {
            let state = try settings.stateDirectory() + "/demo"
            let channels = ["quietharbor", "loudlagoon", "sunken_pier"]
            demo = Demo(channels: channels, rate: rate)
            stateDirectory = Self.absolute(state, in: directory)
            database = stateDirectory + "/twitch_chats.db"
            source = "simulated chat"
            environment["STATE_DIR"] = stateDirectory
            environment["DATABASE_URL"] = "sqlite:///" + database
            environment["CHANNELS"] = channels.joined(separator: ",")
            // A file of real channels must not be asked of the simulator.
            environment["CHANNELS_FILE"] = stateDirectory + "/channels.yaml"
        } else {
            stateDirectory = Self.absolute(try settings.stateDirectory(), in: directory)
            database = try settings.databaseURL().reveal().withoutPassword
            source = try settings.string("TWITCH_IRC_URL", default: "wss://irc-ws.chat.twitch.tv:443")
            // Services agree on one place even if one of them changes its working directory.
            environment["STATE_DIR"] = stateDirectory
        }
    }

    /// The folder of the running executable.
    private static func programFolder() throws -> String {
        let link = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return String(link[..<(link.lastIndex(of: "/") ?? link.startIndex)])
    }

    private static func absolute(_ path: String, in directory: String) -> String {
        path.hasPrefix("/") ? path : directory + "/" + (path.hasPrefix("./") ? String(path.dropFirst(2)) : path)
    }
}

extension String {
    /// A database URL for a person: whatever stands between `:` and `@` is left out.
    fileprivate var withoutPassword: String {
        let parts = split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count > 1, let host = parts.last, let colon = firstIndex(of: ":") else { return self }
        let scheme = self[...colon]
        let user = self[index(after: colon)...].drop { $0 == "/" }.prefix { $0 != ":" && $0 != "@" }
        return "\(scheme)//\(user)@\(host)"
    }
}
