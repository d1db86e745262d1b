import ArgumentParser
import ServiceRuntime

/// `collector start`: the services in the background.
struct StartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Start the services in the background and wait until they are ready.",
        discussion: """
            Each service gets a supervisor that starts it again when it dies, a log file STATE_DIR/log/<service>.log and a
            process id file STATE_DIR/run/<service>.pid. token-service and stream-poller are started where there is an
            application (TWITCH_CLIENT_ID) or a login. Channels come from --channel and --channels-file, else from CHANNELS and
            channels.yaml. What runs already is left alone. See docs/daemon.md.

            Exit code 0 when all are ready, 75 when one runs but is not ready within --wait, 78 when a setting is wrong or no
            channels are configured, 69 when something else runs with this STATE_DIR.
            """
    )

    @Argument(help: "Only these services. Default: all that there is work for.")
    var services: [DaemonService] = []

    @Option(name: .long, help: "How many gateways read the chat: 1, or 2 that both read each channel.")
    var gateways = 1

    @OptionGroup var channels: ChannelOptions

    @OptionGroup var waiting: DaemonWaiting

    func run() async throws {
        try await CommandFailure.reporting("collector start") {
            let start = try waiting.start(gateways: gateways, channels: channels)
            let wanted = services.isEmpty ? start.plan.programNames.map(\.label) : services.map(\.name)
            let names = DaemonService.allCases.filter { wanted.contains($0.name) }
            try await start.check(names)
            try await waiting.tell(names) { try await start.start($0) }
        }
    }

    func validate() throws {
        guard (1...2).contains(gateways) else {
            throw ValidationError("--gateways is \(gateways); expected 1 or 2.")
        }
    }
}
