import ArgumentParser
import ServiceRuntime
import TwitchChat

/// Reads Twitch chat and publishes it as events.
@main
struct IRCGateway: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "irc-gateway",
        abstract: "Reads Twitch chat and publishes it as events."
    )

    @OptionGroup var options: ServiceOptions
    @OptionGroup var channels: ChannelOptions

    static func main() async { await runAsProgram() }

    func run() async throws {
        try await ServiceRuntime.run("irc-gateway", options: options, overrides: try channels.overrides()) { runtime in
            let configuration = try GatewayConfiguration(runtime.settings)
            configuration.warn(runtime.logger)
            // Also at a start: before anything is made, and with the words that name the variable.
            try configuration.checkBus(stateDirectory: runtime.settings.stateDirectoryPath())
            if runtime.checkOnly {
                _ = try configuration.server.client()
                return []
            }
            return try GatewayServices.make(configuration, runtime)
        }
    }
}
