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

    func run() async throws {
        try await ServiceRuntime.run("irc-gateway", options: options, overrides: try channels.overrides()) { runtime in
            let configuration = try GatewayConfiguration(runtime.settings)
            configuration.warn(runtime.logger)
            if runtime.checkOnly {
                _ = try configuration.server.client()
                try configuration.checkBus()
                return []
            }
            return try GatewayServices.make(configuration, runtime)
        }
    }
}
