import ArgumentParser
import Dispatch
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
    /// What SIGHUP reloads: for parts that read files of their own.
    package let reload: SettingsReload
    /// Where systemd hears of us; nil where it did not start us.
    let systemd: NotifySocket?

    /// Reads the configuration, builds the services and runs them until SIGTERM, SIGINT or SIGQUIT.
    ///
    /// Services are started in order and stopped in reverse. Errors end the process with one line and a sysexits code.
    /// `build` validates all its settings before it opens anything, and returns there when ``checkOnly`` is set.
    /// `overrides` are settings that the command line decided, named as variables.
    package static func run(
        _ name: String,
        options: ServiceOptions,
        overrides: @autoclosure () throws -> [String: String] = [:],
        build: (ServiceRuntime) async throws -> [any Service]
    ) async throws {
        // Tokens and passwords pass through every service.
        CoreDumps.forbid()
        DescriptorLimit.raise()
        do {
            let sources = ConfigurationSources(
                overrides: try overrides(),
                environment: ProcessInfo.processInfo.environment,
                configFile: options.configFile
            )
            let runtime = try Self.make(name, sources: sources, checkOnly: options.checkConfig)
            try await runtime.checkPlaces()
            if options.checkConfig {
                _ = try await build(runtime)
                StandardOutput.process.write("\(name): configuration ok\n")
                return
            }
            // Before anything is built: a signal that comes early must not end the process.
            let signals = await UnixSignalsSequence(trapping: OperatorSignals.trapped)
            try await runtime.run(build(runtime), signals: signals, supervised: options.supervised)
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
        let logSettings = try LogSettings(settings, checkOnly: checkOnly)
        let output = output ?? LogOutput(descriptor: .standardError, file: logSettings.file)
        let logger = logSettings.logger(for: name, output: output)
        for warning in warnings { logger.warning("unknown setting", metadata: .keyed([.reason: "\(warning)"])) }
        _ = try HTTPSettings(settings, service: name)
        ServiceMetrics.bootstrap()
        return ServiceRuntime(
            name: name,
            settings: settings,
            logger: logger,
            health: Health(),
            checkOnly: checkOnly,
            reload: SettingsReload(settings, from: sources, output: output, logger: logger),
            systemd: NotifySocket(environment: sources.environment, pid: getpid())
        )
    }

    /// What a start would refuse of places: the HTTP address, `STATE_DIR`, and with ``checkOnly`` the port too, which a start
    /// finds when it binds.
    private func checkPlaces() async throws {
        let address = try HTTPSettings(self.settings, service: self.name)
        let stateDirectory = try self.settings.stateDirectoryPath()
        // The resolver and the disk may take their time.
        try await DispatchQueue.global().result { [name, settings, checkOnly] in
            Result {
                try address.resolve()
                try settings.checkStateDirectory()
                guard checkOnly else { return }
                try address.check(service: name, stateDirectory: stateDirectory)
            }
        }.get()
    }

    /// Runs `services` between the health server, which starts first and stops last, and the stop deadline.
    ///
    /// `endProcess` is called when services ignore even their cancellation; only `main` may really end the process.
    func run(
        _ services: [any Service],
        signals: UnixSignalsSequence? = nil,
        supervised: Bool,
        endProcess: @escaping @Sendable () -> Void = { _exit(ExitStatus.success.rawValue) }
    ) async throws {
        let deadline = StopDeadline(health: self.health) { [logger] in
            logger.error("services did not stop in time; ending the process")
            endProcess()
        }
        let isStopping: @Sendable () -> Bool = { deadline.isStopping }
        var parts: [any Service] = services + [ClockWatch(health: self.health, logger: self.logger)]
        if let signals {
            let reload = self.reload
            parts.insert(
                OperatorSignals(signals: signals, logger: self.logger) {
                    await DispatchQueue.global().result { reload.perform() }
                },
                at: 0
            )
        }
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
        configuration.gracefulShutdownSignals = [.sigterm, .sigint, .sigquit]
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
            settings: try self.settings.recorded(by: self.name),
            logger: self.logger
        )
    }
}
