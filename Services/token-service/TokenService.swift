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

    func run() async throws {
        try await ServiceRuntime.run("token-service", options: options) { runtime in
            let configuration = try TokenServiceConfiguration(runtime.settings)
            return runtime.checkOnly ? [] : try TokenServiceParts.make(configuration, runtime)
        }
    }
}
