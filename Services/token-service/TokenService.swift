import ArgumentParser
import BusSettings
import ServiceRuntime

/// Keeps the access tokens valid and gives them to the services that need them.
@main
struct TokenService: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token-service",
        abstract: "Keeps the access tokens valid and gives them to the services that need them."
    )

    @OptionGroup var options: ServiceOptions

    static func main() async { await runAsProgram() }

    func run() async throws {
        try await ServiceRuntime.run("token-service", options: options) { runtime in
            let configuration = try TokenServiceConfiguration(runtime.settings)
            // Also at a start: before anything is made, and with the words that name the variable.
            try configuration.checkBus(stateDirectory: runtime.settings.stateDirectoryPath())
            return runtime.checkOnly ? [] : try TokenServiceParts.make(configuration, runtime)
        }
    }
}
