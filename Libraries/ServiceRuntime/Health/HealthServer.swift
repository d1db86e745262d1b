import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import SystemPackage

/// Answers `/health/live`, `/health/ready` and `/metrics`, and leaves a run file so that `collector status` finds it.
struct HealthServer: Service {
    let service: String
    let address: HTTPSettings
    let health: Health
    let metrics: PrometheusFactory
    /// The run file goes below it.
    let stateDirectory: String
    /// What the run file says of the settings.
    var settings: [String: String] = [:]
    let logger: Logger
    var limits = HTTPLimits()
    /// Between two looks whether the run file is there.
    var keeping: Duration = .seconds(10)
    /// Told the port that was bound: for tests and for port 0.
    var onBound: @Sendable (Int) -> Void = { _ in }
    /// Told the loop that the server listens on.
    var onServing: @Sendable (any EventLoop) -> Void = { _ in }

    /// Serves until graceful shutdown. Throws ``ServiceFailure`` where the port cannot be bound.
    func run() async throws {
        guard let port = self.address.port else {
            try? await gracefulShutdown()
            return
        }
        let runFile = OwnRunFile()
        let connections = HTTPConnections(limit: self.limits.connections)
        let application = Application(
            router: HealthRoutes.router(service: self.service, health: self.health, metrics: self.metrics),
            server: .http1(configuration: self.connectionSettings(connections)),
            configuration: ApplicationConfiguration(
                address: .hostname(self.address.host, port: port),
                serverName: self.service,
                availableConnectionsDelegate: HTTPAcceptance(connections: connections)
            ),
            onServerRunning: { channel in
                // A server that is stopped at once has no address any more.
                guard let port = channel.localAddress?.port else { return }
                let authority = HTTPAuthority.text(host: self.address.host, port: port)
                self.logger.info("answering health and metrics", metadata: .keyed([.address: "\(authority)"]))
                do {
                    let file = try RunFile.write(
                        service: self.service,
                        http: authority,
                        settings: self.settings,
                        in: self.stateDirectory
                    )
                    runFile.file.withLock { $0 = file }
                } catch {
                    self.logger.warning("cannot write the run file", metadata: .keyed([.error: "\(error)"]))
                }
                self.onBound(port)
                self.onServing(channel.eventLoop)
            },
            logger: self.logger.quiet
        )
        defer { runFile.file.withLock { $0?.remove(from: self.stateDirectory) } }
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await self.keep(runFile) }
                defer { group.cancelAll() }
                try await application.run()
            }
        } catch {
            throw self.explained(error)
        }
    }

    /// Writes the run file again where somebody removes it, until it is cancelled.
    private func keep(_ runFile: OwnRunFile) async {
        while (try? await Task.sleep(for: self.keeping)) != nil {
            guard let file = runFile.file.withLock({ $0 }) else { continue }
            do {
                try file.restore(in: self.stateDirectory)
            } catch {
                self.logger.debug("cannot write the run file again", metadata: .keyed([.error: "\(error)"]))
            }
        }
    }

    private func connectionSettings(_ connections: HTTPConnections) -> HTTP1Channel.Configuration {
        HTTP1Channel.Configuration(
            additionalChannelHandlers: [HTTPConnectionGuard(self.limits, connections)],
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 8 << 10,
                maxHeaderListSize: 16 << 10,
                maxHeaderFieldCount: 100
            )
        )
    }

    private func explained(_ error: any Error) -> any Error {
        if let error = error as? IOError { return self.address.failure(.system(Errno(rawValue: error.errnoCode))) }
        let isUnresolvable = error is SocketAddressError || error is SocketAddressError.UnknownHost
        return isUnresolvable ? self.address.failure(.unresolvable) : error
    }
}

/// What was written once the port was known.
private final class OwnRunFile: Sendable {
    let file = Mutex<RunFile?>(nil)
}

extension Logger {
    /// Hummingbird logs each start at info and a cancelled stop as two errors; what matters is thrown and said here.
    fileprivate var quiet: Logger {
        var logger = self
        logger.logLevel = .critical
        return logger
    }
}

/// `host:port`, with brackets around IPv6.
enum HTTPAuthority {
    static func text(host: String, port: Int) -> String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
