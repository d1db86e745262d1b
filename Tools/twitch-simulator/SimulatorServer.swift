import Foundation
import Hummingbird
import Logging
import NIOCore
import NIOPosix

/// Where a running simulator is reached.
struct Endpoints: Codable, Sendable, Equatable {
    var irc: String
    var control: String
    /// What `TWITCH_API_URL` and `TWITCH_AUTH_URL` are set to.
    var api: String
    var auth: String
    /// What `BACKFILL_URL` is set to.
    var history: String

    init(irc: String, http: String) {
        self.irc = irc
        self.control = http
        self.api = "\(http)/helix"
        self.auth = "\(http)/oauth2"
        self.history = "\(http)/api/v2/recent-messages"
    }
}

/// Both servers of a simulator.
enum SimulatorServer {
    /// Runs until cancelled.
    ///
    /// - Parameters:
    ///   - settings: what to simulate, and where to listen.
    ///   - clock: time, for pacing and for `tmi-sent-ts`.
    ///   - logger: diagnostics.
    ///   - ready: called once, when both servers listen.
    /// - Throws: ``StartFailure``.
    static func run(
        _ settings: SimulatorSettings,
        clock: SimulatorClock = .system,
        logger: Logger,
        ready: @escaping @Sendable (Simulator, Endpoints) async -> Void
    ) async throws {
        let replay = try settings.chat.replay.map { path in
            do {
                return try Replay(path: path, rate: settings.chat.replayRate, now: clock.uptime())
            } catch {
                throw StartFailure("cannot read the replay file '\(path)': check that it exists and is readable")
            }
        }
        let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let simulator = Simulator(
            settings: settings,
            replay: replay,
            clock: clock,
            eventLoop: loop.next(),
            logger: logger
        )
        if settings.helix.isLive { await simulator.startDemoStreams() }
        do {
            try await self.serve(simulator, settings, logger, ready)
        } catch is CancellationError {
            // Stopping is how it ends.
        } catch {
            try? await loop.shutdownGracefully()
            throw error
        }
        try? await loop.shutdownGracefully()
    }

    private static func serve(
        _ simulator: Simulator,
        _ settings: SimulatorSettings,
        _ logger: Logger,
        _ ready: @escaping @Sendable (Simulator, Endpoints) async -> Void
    ) async throws {
        let listener: any Channel
        do {
            listener = try await IRCServer.listen(settings, simulator: simulator, on: simulator.eventLoop)
        } catch {
            throw StartFailure.listening("IRC", settings.host, settings.ircPort, "--irc-port", error)
        }
        let scheme = settings.tlsCertificate == nil ? "ws" : "wss"
        let irc = "\(scheme)://\(settings.host):\(listener.localAddress?.port ?? 0)"
        let control = ControlServer.application(simulator, settings: settings, logger: logger) { port in
            await ready(simulator, Endpoints(irc: irc, http: "http://\(settings.host):\(port)"))
        }
        var failure: (any Error)?
        do {
            // `run`, not `runService`: signals are the entry point's business.
            try await control.run()
        } catch is CancellationError {
            failure = nil
        } catch {
            failure = StartFailure.listening("control", settings.host, settings.controlPort, "--control-port", error)
        }
        await simulator.stop()
        try? await listener.close()
        if let failure { throw failure }
    }
}

/// Why the simulator could not start; one line for a person.
struct StartFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    static func listening(_ what: String, _ host: String, _ port: Int, _ option: String, _ error: any Error) -> Self {
        if let error = error as? StartFailure { return error }
        if let error = error as? IOError {
            let reason = error.errnoCode == EADDRINUSE ? "the port is in use" : String(describing: error)
            return StartFailure(
                "cannot listen for \(what) on \(host):\(port): \(reason); choose another \(option), or 0"
            )
        }
        return StartFailure("cannot start the \(what) server on \(host):\(port): \(error)")
    }
}
