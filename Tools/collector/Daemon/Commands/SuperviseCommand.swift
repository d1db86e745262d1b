import ArgumentParser
import ServiceRuntime

/// What `collector start` starts: one process that keeps one service running.
struct SuperviseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "supervise",
        abstract: "Keep one service running.",
        shouldDisplay: false
    )

    @Argument var service: DaemonService

    @Option var gateways = 1

    @Option var configFile: String?

    @OptionGroup var channels: ChannelOptions

    func run() async throws {
        try await CommandFailure.reporting("collector supervise") {
            let settings = try CommandSettings.load(configFile: configFile, overrides: channels.overrides())
            let plan = try RunPlan(daemons: settings, gateways: gateways, configFile: configFile, channels: channels)
            let log = try DaemonLog(service, stateDirectory: plan.stateDirectory, settings: settings)
            try await DaemonSupervisor(service: service, plan: plan, log: log).run()
        }
    }
}
