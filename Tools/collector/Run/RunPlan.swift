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
    /// The services in the order of their start: what stores first, what reads last. Gateways may be several.
    var services: [String]
    /// How many gateways read each channel.
    var replicas: Int
    /// Where the services look for `.env` and the like.
    var directory: String
    /// What every service gets on its command line.
    private var arguments: [String] = []
    /// What the services that read channels get beside that.
    private var channelArguments: [String] = []
    /// What single services read beside `environment`.
    private var ownEnvironment: [String: [String: String]] = [:]

    /// Where the services write their logs.
    var logs: String { stateDirectory + "/log" }

    /// The simulated chat.
    struct Demo: Sendable {
        var channels: [String]
        /// Lines per second over all channels.
        var rate: Double
    }

    /// The application and the account of the demo, as the simulator knows them unless it is told otherwise.
    static let demoClient = (id: "simulator-client", secret: "simulator-secret", login: "harborlog")

    /// What a service reads beside what it inherits.
    func environment(of service: String) -> [String: String] {
        environment.merging(ownEnvironment[service] ?? [:]) { $1 }
    }

    /// What a service gets on its command line.
    func arguments(of service: String) -> [String] {
        ["irc-gateway", "stream-poller"].contains(service) ? arguments + channelArguments : arguments
    }

    /// What `collector supervise` gets on its command line.
    var supervisorArguments: [String] { arguments + channelArguments }

    /// Each program to keep running, with the name that a person sees: the second gateway is `irc-gateway-2`.
    var programNames: [(label: String, service: String)] {
        var counts: [String: Int] = [:]
        return services.map { service in
            let number = counts[service, default: 0] + 1
            counts[service] = number
            return (number == 1 ? service : "\(service)-\(number)", service)
        }
    }

    /// How to ask a service whether it accepts its settings.
    func configurationCheck(of service: String) -> ConfigurationCheck {
        ConfigurationCheck(
            programs: programs,
            environment: environment(of: service),
            directory: directory,
            arguments: arguments(of: service)
        )
    }

    /// Decides from the settings.
    /// - Parameters:
    ///   - settings: What is configured.
    ///   - forceDemo: Simulate even though channels are configured.
    ///   - rate: Lines per second of the simulated chat.
    ///   - gateways: How many read the chat.
    ///   - directory: The working directory, where `.env` may be.
    ///   - configFile: What `--config-file` names; the services read it too.
    ///   - channels: What the command line says of channels, which is among the settings; the services hear it too.
    /// - Throws: `ConfigurationError`, or why the state directory cannot be used.
    init(
        _ settings: Settings,
        forceDemo: Bool,
        rate: Double,
        gateways: Int = 1,
        directory: String,
        configFile: String? = nil,
        channels: ChannelOptions? = nil
    ) throws {
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
            let state = Self.demoDirectory(below: try settings.stateDirectory())
            let channels = ["quietharbor", "loudlagoon", "sunken_pier"]
            demo = Demo(channels: channels, rate: rate)
            stateDirectory = Self.absolute(state, in: directory)
            database = stateDirectory + "/twitch_chats.db"
            source = "simulated chat"
            // Nothing that is meant for the real Twitch may reach the simulator: not from `.env`, which is looked for in the
            // working directory, and not from our own environment.
            self.directory = stateDirectory
            for name in Self.kept { environment[name] = "" }
            environment["TWITCH_CLIENT_ID"] = Self.demoClient.id
            environment["TWITCH_CLIENT_SECRET"] = Self.demoClient.secret
            environment["STATE_DIR"] = stateDirectory
            environment["DATABASE_URL"] = "sqlite:///" + database
            environment["CHANNELS"] = channels.joined(separator: ",")
            // A file of real channels must not be asked of the simulator.
            environment["CHANNELS_FILE"] = stateDirectory + "/channels.yaml"
        } else {
            stateDirectory = Self.absolute(try settings.stateDirectory(), in: directory)
            database = try settings.databaseURL().reveal().withoutPassword
            source = try settings.string("TWITCH_IRC_URL", default: "wss://irc-ws.chat.twitch.tv:443")
            self.directory = directory
            arguments = Self.arguments(configFile: configFile, in: directory)
            channelArguments = try channels?.arguments { Self.absolute($0, in: directory) } ?? []
            // Services agree on one place even if one of them changes its working directory.
            environment["STATE_DIR"] = stateDirectory
        }
        let hasAccount = try demo != nil || Self.hasAccount(settings, stateDirectory: stateDirectory)
        services = Self.services(hasAccount: hasAccount, gateways: gateways)
        replicas = try settings.integer("GATEWAY_REPLICAS", default: min(2, gateways), in: 1...2)
        if demo == nil, try settings.string("BUS_BIND") != nil {
            // It names one place, and that is the gateway's.
            for name in ["token-service", "stream-poller"] {
                ownEnvironment[name] = ["BUS_BIND": "ipc://\(stateDirectory)/bus/\(name)-0"]
            }
        }
        if gateways > 1 { try shareChannels(settings) }
    }

    /// Several gateways find each other in the state directory, and none may take what another needs.
    private mutating func shareChannels(_ settings: Settings) throws {
        for name in ["BUS_BIND", "GATEWAY_COUNT", "GATEWAY_INDEX", "IRC_GATEWAY_HTTP_PORT"]
        where environment[name] == nil {
            guard try settings.string(name) == nil else {
                throw ConfigurationError("\(name) is for one gateway only; leave it out to run several with --gateways")
            }
        }
        environment["GATEWAY_REPLICAS"] = "\(replicas)"
    }

    /// What to start, in this order: what stores first, what reads last.
    static func services(hasAccount: Bool, gateways: Int = 1) -> [String] {
        ["writer"] + (hasAccount ? ["token-service", "stream-poller"] : [])
            + Array(repeating: "irc-gateway", count: gateways)
    }

    /// What tells a service of the settings file that was named.
    static func arguments(configFile: String?, in directory: String) -> [String] {
        configFile.map { ["--config-file", absolute($0, in: directory)] } ?? []
    }

    /// Settings that a demo must not inherit.
    private static let kept = [
        "TWITCH_ACCESS_TOKEN", "TWITCH_REFRESH_TOKEN", "TOKEN_WRITE_ENV", "IRC_GATEWAY_HTTP_PORT",
        "STREAM_POLLER_HTTP_PORT", "TOKEN_SERVICE_HTTP_PORT", "WRITER_HTTP_PORT", "BUS_BIND", "BUS_KEYS_DIR",
        "GATEWAY_COUNT",
        "GATEWAY_INDEX", "IRC_GATEWAY_BUS", "STREAM_POLLER_BUS", "TOKEN_SERVICE_BUS",
    ]

    /// Whether there is something for token-service to do: an application, or a login.
    static func hasAccount(_ settings: Settings, stateDirectory: String) throws -> Bool {
        try settings.string("TWITCH_CLIENT_ID") != nil || settings.secret("TWITCH_ACCESS_TOKEN") != nil
            || settings.secret("TWITCH_REFRESH_TOKEN") != nil
            || FileManager.default.fileExists(atPath: stateDirectory + "/tokens.json")
    }

    /// Where the demo keeps everything, apart from what is real.
    static func demoDirectory(below stateDirectory: String) -> String { stateDirectory + "/demo" }

    /// The folder of the running executable.
    static func programFolder() throws -> String {
        let link = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return String(link[..<(link.lastIndex(of: "/") ?? link.startIndex)])
    }

    static func absolute(_ path: String, in directory: String) -> String {
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
