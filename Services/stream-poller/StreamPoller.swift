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

    static func main() async { await runAsProgram() }

    func run() async throws {
        try await ServiceRuntime.run("stream-poller", options: options) { runtime in
            let configuration = try PollerConfiguration(runtime.settings)
            configuration.warn(runtime.logger)
            guard !runtime.checkOnly else {
                try configuration.checkBus(stateDirectory: runtime.settings.stateDirectoryPath())
                return []
            }
            return try PollerServices.make(configuration, runtime)
        }
    }
}
