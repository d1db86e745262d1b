import FoundationEssentials
import ServiceRuntime

/// The services that run for one state directory, as a command in another terminal finds them.
struct RunningInstance: Hashable, Sendable {
    /// Theirs; the demo's is below the one that is configured.
    var stateDirectory: String
    var isDemo: Bool
    /// What they run with, named as variables, paths absolute; no secret but the demo's, which is none.
    var settings: [String: String]

    /// Looks for services of `stateDirectory`, then for those of the demo below it; nil where nothing runs.
    static func find(_ stateDirectory: String) -> RunningInstance? {
        let demo = RunPlan.demoDirectory(below: stateDirectory)
        for (directory, isDemo) in [(stateDirectory, false), (demo, true)] {
            let services = ServiceObserver(stateDirectory: directory).instances()
            guard !services.isEmpty else { continue }
            return RunningInstance(services, stateDirectory: directory, isDemo: isDemo)
        }
        return nil
    }

    /// What `services` say of themselves, put together.
    init(_ services: [RunFile], stateDirectory: String, isDemo: Bool) {
        self.stateDirectory = stateDirectory
        self.isDemo = isDemo
        // Who reads chat knows best which channels are meant, so it is asked last and wins.
        let order = ["writer", "token-service", "stream-poller", "irc-gateway"]
        settings = [:]
        for service in order.flatMap({ name in services.filter { $0.service == name } }) {
            for (name, value) in service.settings ?? [:] {
                settings[name] = Self.absolute(value, of: name, in: service.directory)
            }
        }
        if isDemo { settings["TWITCH_CLIENT_SECRET"] = RunPlan.demoClient.secret }
    }

    /// What of its settings counts for somebody with settings of their own: all that these leave open.
    /// - Parameters:
    ///   - own: The person's settings, without defaults.
    ///   - concern: What they are wanted for.
    /// - Returns: Nil where the person asks about something else than what runs here.
    /// - Throws: Where one of the person's secrets cannot be read.
    func defaults(beside own: Settings, for concern: Concern) throws -> [String: String]? {
        if isDemo, concern == .twitch {
            // The demo's channels and those of the real Twitch are not to be mixed.
            let named = try Self.twitchVariables.contains { try own.string($0) != nil }
            if named { return nil }
        }
        let namesDatabase = try own.secretFile("DATABASE_URL") != nil || own.secret("DATABASE_URL") != nil
        let namesSecret =
            try own.secretFile("TWITCH_CLIENT_SECRET") != nil || own.secret("TWITCH_CLIENT_SECRET") != nil
        var defaults: [String: String] = [:]
        for (name, value) in settings {
            let isNamed =
                switch name {
                case "DATABASE_URL", "DATABASE_URL_FILE": namesDatabase
                case "TWITCH_CLIENT_SECRET", "TWITCH_CLIENT_SECRET_FILE": namesSecret
                default: try own.string(name) != nil
                }
            if !isNamed { defaults[name] = value }
        }
        return defaults
    }

    /// What a command looks at.
    enum Concern: Hashable, Sendable {
        /// The database, the logs, the services themselves.
        case archive
        /// Channels, and what Twitch says of them.
        case twitch
    }

    private static let twitchVariables = [
        "CHANNELS", "CHANNELS_FILE", "TWITCH_API_URL", "TWITCH_AUTH_URL", "TWITCH_IRC_URL",
    ]

    private static func absolute(_ value: String, of name: String, in directory: String?) -> String {
        guard let directory else { return value }
        switch name {
        case "DATABASE_URL":
            let prefix = "sqlite:///"
            guard value.hasPrefix(prefix), !value.hasPrefix(prefix + "/") else { return value }
            return prefix + RunPlan.absolute(String(value.dropFirst(prefix.count)), in: directory)
        case "CHANNELS_FILE" where value == ChannelListSource.noFile: return value
        case "CHANNELS_FILE", "BUS_KEYS_DIR", "DATABASE_URL_FILE", "TWITCH_CLIENT_SECRET_FILE", "TWITCH_IRC_CA_FILE":
            return RunPlan.absolute(value, in: directory)
        default: return value
        }
    }
}
