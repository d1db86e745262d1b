import ArgumentParser
package import Logging
import NIOCore
package import ServiceLifecycle
import SystemPackage
import UnixSignals

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What every service shares with its operator: configuration, logging, metrics, health and a graceful end.
package struct ServiceRuntime: Sendable {
    /// The service's name, such as `irc-gateway`.
    package let name: String
    /// The configuration.
    package let settings: Settings
    /// Enrich it once and pass it on.
    package let logger: Logger
    /// What `/health/ready` says.
    package let health: Health
    /// `--check-config`: validate every setting, then return without opening, binding or writing anything.
    ///
    /// The services that are returned are not run.
    package let checkOnly: Bool
    /// Where systemd hears of us; nil where it did not start us.
    let systemd: NotifySocket?

    /// Reads the configuration, builds the services and runs them until SIGTERM or SIGINT.
    ///
    /// Services are started in order and stopped in reverse. Errors end the process with one line and a sysexits code.
    /// `build` validates all its settings before it opens anything, and returns there when ``checkOnly`` is set.
    /// `overrides` are settings that the command line decided, named as variables.
    package static func run(
        _ name: String,
        options: ServiceOptions,
        overrides: [String: String] = [:],
        build: (ServiceRuntime) async throws -> [any Service]
    ) async throws {
        DescriptorLimit.raise()
        do {
            let sources = ConfigurationSources(
                overrides: overrides,
                environment: ProcessInfo.processInfo.environment,
                configFile: options.configFile
            )
            let runtime = try Self.make(name, sources: sources, checkOnly: options.checkConfig)
            if options.checkConfig {
                _ = try await build(runtime)
                print("\(name): configuration ok")
                return
            }
            try await runtime.run(build(runtime), supervised: options.supervised)
        } catch {
            _ = try? FileDescriptor.standardError.writeAll((FailureReport.line(for: error, of: name) + "\n").utf8)
            throw ExitCode(FailureReport.status(of: error).rawValue)
        }
    }

    /// Reads the configuration and prepares logging and metrics.
    static func make(
        _ name: String,
        sources: ConfigurationSources,
        checkOnly: Bool,
        output: LogOutput? = nil
    ) throws -> ServiceRuntime {
        let (settings, warnings) = try sources.load()
        let logger = try LogSettings(settings).logger(for: name, output: output)
        for warning in warnings { logger.warning("unknown setting", metadata: .keyed([.reason: "\(warning)"])) }
        _ = try HTTPSettings(settings, service: name)
        ServiceMetrics.bootstrap()
        return ServiceRuntime(
            name: name,
            settings: settings,
            logger: logger,
            health: Health(),
            checkOnly: checkOnly,
            systemd: NotifySocket(environment: sources.environment, pid: getpid())
        )
    }

    /// Runs `services` between the health server, which starts first and stops last, and the stop deadline.
    ///
    /// `endProcess` is called when services ignore even their cancellation; only `main` may really end the process.
    func run(
        _ services: [any Service],
        supervised: Bool,
        endProcess: @escaping @Sendable () -> Void = { _exit(ExitStatus.success.rawValue) }
    ) async throws {
        let deadline = StopDeadline(health: self.health) { [logger] in
            logger.error("services did not stop in time; ending the process")
            endProcess()
        }
        let isStopping: @Sendable () -> Bool = { deadline.isStopping }
        var parts: [any Service] = services
        let (serving, isServing) = AsyncStream<any EventLoop>.makeStream(bufferingPolicy: .bufferingNewest(1))
        if var server = try self.healthServer() {
            server.onServing = { isServing.yield($0) }
            parts.insert(server, at: 0)
        } else {
            isServing.finish()
        }
        if let socket = self.systemd {
            // Last, so that it starts when all others have, and is the first to hear of the end.
            parts.append(SystemdReports(socket: socket, health: self.health, serving: serving))
        }
        let named = parts.map { NamedPart(part: $0, isStopping: isStopping) }
        var configurations = named.map { part in
            ServiceGroupConfiguration.ServiceConfiguration(
                service: part,
                failureTerminationBehavior: .gracefullyShutdownGroup,
                // Without a name, the group prints the service itself, and with it what it holds.
                serviceName: part.name
            )
        }
        configurations.append(.init(service: deadline, serviceName: "StopDeadline"))
        if supervised {
            let watch = ParentWatch()
            configurations.append(
                .init(service: watch, successTerminationBehavior: .gracefullyShutdownGroup, serviceName: "ParentWatch")
            )
        }
        var configuration = ServiceGroupConfiguration(services: configurations, logger: self.logger)
        configuration.gracefulShutdownSignals = [.sigterm, .sigint]
        configuration.maximumGracefulShutdownDuration = StopDeadline.graceful
        defer { deadline.disarm() }
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch is CancellationError where deadline.isStopping {
            self.logger.warning("services were cancelled because they did not stop in time")
        }
    }

    /// Nil for tools that have no port; only a server needs `STATE_DIR`.
    private func healthServer() throws -> HealthServer? {
        let address = try HTTPSettings(self.settings, service: self.name)
        guard address.port != nil else { return nil }
        return HealthServer(
            service: self.name,
            address: address,
            health: self.health,
            metrics: ServiceMetrics.factory,
            stateDirectory: try self.settings.stateDirectory(),
            logger: self.logger
        )
    }
}
