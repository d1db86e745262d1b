import ArgumentParser
import ServiceRuntime

/// Watches which channels are live and publishes when streams begin, change and end.
@main
struct StreamPoller: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stream-poller",
        abstract: "Watches which channels are live and publishes when streams begin, change and end."
    )

    @OptionGroup var options: ServiceOptions
    @OptionGroup var channels: ChannelOptions

    static func main() async { await runAsProgram() }

    func run() async throws {
        try await ServiceRuntime.run("stream-poller", options: options, overrides: try channels.overrides()) {
            runtime in
            let configuration = try PollerConfiguration(runtime.settings)
            configuration.warn(runtime.logger)
            // Also at a start: before anything is made, and with the words that name the variable.
            try configuration.checkBus(stateDirectory: runtime.settings.stateDirectoryPath())
            return runtime.checkOnly ? [] : try PollerServices.make(configuration, runtime)
        }
    }
}
