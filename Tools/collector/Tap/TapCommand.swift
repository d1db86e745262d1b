import ArgumentParser
import EventBus
import Logging
import Protocol
import ServiceRuntime

/// `collector tap`: follows the bus live, from a second terminal or into a pipe.
struct TapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tap",
        abstract: "Show events live as they are published; nothing is stored and nobody is slowed down.",
        discussion: """
            A tap is lossy: what it misses while it is slow is said in a line on standard error, and is in the database
            all the same. Any ZeroMQ client can do this: see docs/protocol.md.

            Exit code 66 when no gateway here reads any of the channels that --channel names.
            """
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case pretty
        case json
        case raw
    }

    @Option(name: .long, help: "Only this channel; may be repeated.")
    var channel: [String] = []

    @Option(name: .long, help: "Only this event type, such as channel.chat.message or channel.ban; may be repeated.")
    var type: [String] = []

    @Option(name: .long, help: "pretty, json (one envelope a line) or raw (the IRC line).")
    var format: Format = .pretty

    @Option(name: .long, help: "Stop after this many events.")
    var count: Int?

    @Option(name: .long, help: "YAML file with settings. Default: collector.yaml where it exists.")
    var configFile: String?

    func run() async throws {
        try await CommandFailure.reporting("collector tap") {
            let settings = try CommandSettings.load(configFile: configFile)
            let filter = TapFilter(channels: channel, types: type)
            let endpoints = try TapEndpoints.gateways(settings)
            let pollers = try TapEndpoints.pollers(settings)
            var configuration = EventFollower.Configuration(
                endpoints: endpoints,
                recovery: .report,
                topics: filter.topics,
                queueLimit: 65_536,
                security: try TapEndpoints.security(settings, for: endpoints + pollers)
            )
            configuration.follow(pollers, of: "stream-poller")
            configuration.allowsPlaintext = try settings.boolean("BUS_ALLOW_PLAINTEXT", default: false)
            let follower = try EventFollower(
                configuration,
                logger: Logger(label: "collector.tap") { _ in SwiftLogNoOpLogHandler() }
            )
            let collected = CollectedChannels(stateDirectories: try TapEndpoints.stateDirectories(settings))
            try await Tap(follower: follower, filter: filter, format: format, limit: count, collected: collected)
                .run(waitingFor: endpoints)
        }
    }

    func validate() throws {
        _ = try ChannelArgument.logins(channel)
        for type in type where !TapFilter.known.contains(EventType(rawValue: type)) {
            throw ValidationError(
                "--type is “\(type)”; expected one of: \(TapFilter.known.map(\.rawValue).joined(separator: ", "))."
            )
        }
        if let count, count < 1 { throw ValidationError("--count is \(count); expected 1 or more.") }
    }
}
