package import ArgumentParser
package import Logging
package import ServiceLifecycle

/// The options that every service understands.
package struct ServiceOptions: ParsableArguments {
    @Flag(name: .long, help: "Check the configuration and exit.")
    package var checkConfig = false

    @Option(name: .long, help: "YAML file with settings. Default: collector.yaml where it exists.")
    package var configFile: String?

    @Flag(name: .long, help: .hidden)
    package var supervised = false

    package init() {}
}

/// What every service shares with its operator: configuration, logging, metrics, health and a graceful end.
package struct ServiceRuntime: Sendable {
    package let name: String
    package let settings: Settings
    package let logger: Logger
    package let health: Health

    /// Reads the configuration, builds the services and runs them until SIGTERM or SIGINT.
    ///
    /// Services are started in order and stopped in reverse. Errors end the process with one line and a sysexits code.
    package static func run(
        _ name: String,
        options: ServiceOptions,
        build: (ServiceRuntime) async throws -> [any Service]
    ) async throws {
        fatalError("stub")
    }
}
