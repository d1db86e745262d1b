import ArgumentParser
import FoundationEssentials
import ServiceRuntime

/// `collector run`: everything on one machine, with a live status.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Start the services here, keep them running and show what they do.",
        discussion: """
            collector run --channel shroud --channel https://twitch.tv/xqc

            Channels come from --channel and --channels-file, else from CHANNELS (comma-separated) and channels.yaml. With
            none of them, and no .env, chat comes from the built-in simulator, so that there is something to see. token-service and stream-poller are started where
            there is an application (TWITCH_CLIENT_ID) or a login (collector auth login). With --gateways 2 each channel is
            read twice and stored once, so that either gateway may die; more gateways share the channels.
            """
    )

    @Option(name: .long, help: "YAML file with settings. Default: collector.yaml where it exists.")
    var configFile: String?

    @OptionGroup var channels: ChannelOptions

    @Flag(name: .long, help: "Collect simulated chat even though channels are configured.")
    var demo = false

    @Option(name: .long, help: "Simulated chat lines per second.")
    var rate = 12.0

    @Option(name: .long, help: "How many gateways read the chat; from two on, two of them read each channel.")
    var gateways = 1

    @Flag(name: .long, help: "A line of status now and then instead of the live display.")
    var plain = false

    func run() async throws {
        try await CommandFailure.reporting("collector run") {
            guard !demo || channels.isEmpty else {
                throw CommandFailure(
                    ExitStatus.usage.rawValue,
                    "--demo makes up channels of its own; leave out --channel and --channels-file, or --demo"
                )
            }
            let settings = try CommandSettings.load(configFile: configFile, overrides: channels.overrides())
            let plan = try RunPlan(
                settings,
                forceDemo: demo,
                rate: rate,
                gateways: gateways,
                directory: FileManager.default.currentDirectoryPath,
                configFile: configFile,
                channels: channels
            )
            try Daemons(stateDirectory: plan.stateDirectory).refuseOthers()
            let isLive = !plain && Terminal.output.isInteractive
            try await Collection(plan, isLive: isLive).run()
        }
    }

    func validate() throws {
        guard rate > 0, rate <= 100_000 else {
            throw ValidationError("--rate is \(rate); expected lines per second between 0 and 100000.")
        }
        guard (1...16).contains(gateways) else {
            throw ValidationError("--gateways is \(gateways); expected a number from 1 to 16.")
        }
    }
}
