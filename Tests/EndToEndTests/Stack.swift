import Foundation
import GRDB
import Synchronization
import TestSupport
import Testing

/// Simulator, gateway and writer as real processes below one temporary folder.
final class Stack: Sendable {
    let directory: String
    let channels: [String]
    let simulator: RunningProgram
    private let services = Mutex<[String: RunningProgram]>([:])
    let control: SimulatorControl
    private let addresses: Announcement

    var gateway: RunningProgram? { services.withLock { $0["irc-gateway"] } }
    var poller: RunningProgram? { services.withLock { $0["stream-poller"] } }
    var writer: RunningProgram? { services.withLock { $0["writer"] } }
    var tokenService: RunningProgram? { services.withLock { $0["token-service"] } }

    var database: String { directory + "/twitch_chats.db" }

    /// Starts the simulator and waits until it listens; nothing else runs yet.
    init(in directory: String, channels: [String], simulator arguments: [String] = []) async throws {
        self.directory = directory
        self.channels = channels
        simulator = try RunningProgram(
            "twitch-simulator",
            [
                "--irc-port", "0", "--control-port", "0", "--channels", channels.joined(separator: ","), "--rate", "0",
            ] + arguments,
            in: directory
        )
        let process = simulator
        try await eventually("the simulator announces itself: \(process.errorOutput)") {
            process.output.contains("\n") || !process.isRunning
        }
        addresses = try JSONDecoder().decode(Announcement.self, from: Data(process.output.utf8))
        control = SimulatorControl(address: addresses.control)
    }

    private struct Announcement: Decodable {
        var irc: String
        var api: String
        var auth: String
        var control: String
        var history: String
    }

    /// What `BACKFILL_URL` is set to.
    var history: String { addresses.history }

    /// Runs `body` with a stack and ends every process afterwards, whatever happens.
    static func with<Result>(
        channels: [String] = ["quietharbor", "loudlagoon", "sunken_pier"],
        simulator arguments: [String] = [],
        _ body: (Stack) async throws -> Result
    ) async throws -> Result {
        try await withTemporaryDirectory { directory in
            let stack = try await Stack(in: directory, channels: channels, simulator: arguments)
            do {
                let result = try await body(stack)
                try await stack.end()
                return result
            } catch {
                try? await stack.end()
                throw error
            }
        }
    }

    var environment: [String: String] {
        [
            "STATE_DIR": directory + "/state",
            "DATABASE_URL": "sqlite:///" + database,
            "TWITCH_IRC_URL": addresses.irc,
            "TWITCH_API_URL": addresses.api,
            "TWITCH_AUTH_URL": addresses.auth,
            "CHANNELS": channels.joined(separator: ","),
            "HTTP_PORT": "0",
            "LOG_LEVEL": "info",
        ]
    }

    /// A port that somebody has already: that of the simulator's control API.
    func simulatorPort() throws -> Int {
        try #require(URL(string: addresses.control)?.port)
    }

    func startGateway(_ extra: [String: String] = [:]) throws { try start("irc-gateway", extra) }

    /// A further gateway, known by its label.
    @discardableResult
    func startGateway(_ label: String, _ extra: [String: String] = [:]) throws -> RunningProgram {
        try start("irc-gateway", extra, label: label)
    }

    func startWriter(_ extra: [String: String] = [:]) throws { try start("writer", extra) }

    func startPoller(_ extra: [String: String] = [:]) throws { try start("stream-poller", extra) }

    func startTokenService(_ extra: [String: String] = [:]) throws { try start("token-service", extra) }

    @discardableResult
    private func start(_ name: String, _ extra: [String: String], label: String? = nil) throws -> RunningProgram {
        let program = try RunningProgram(name, environment: environment.merging(extra) { $1 }, in: directory)
        services.withLock { $0[label ?? name] = program }
        return program
    }

    /// Waits until every channel is joined at the simulator.
    func joined(_ count: Int? = nil) async throws {
        let wanted = count ?? channels.count
        try await eventually(
            "\(wanted) channels are joined; the gateway said: \(gateway?.errorOutput.suffix(800) ?? "")"
        ) {
            try await control.joinedChannels() >= wanted
        }
    }

    /// SIGTERM to the gateways, then the writer, then the simulator.
    func end() async throws {
        let gateways = services.withLock { $0.values.filter { $0.name == "irc-gateway" } }
        for process in gateways + [poller, tokenService, writer, simulator].compactMap(\.self) where process.isRunning {
            process.send(SIGCONT)
            _ = try await process.stop()
        }
        try await control.close()
    }

    /// Reads the database as a user with `sqlite3` would; nil before it exists.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value? {
        guard FileManager.default.fileExists(atPath: database) else { return nil }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        let queue = try DatabaseQueue(path: database, configuration: configuration)
        defer { try? queue.close() }
        return try queue.read(body)
    }

    /// The number of rows of a table; 0 before it exists.
    func rows(_ table: String) -> Int {
        (try? read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") } ?? 0) ?? 0
    }

    /// How many collection sessions there are that satisfy the end of a query.
    func sessions(_ condition: String) throws -> Int {
        guard rows("collection_sessions") > 0 else { return 0 }
        return try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM collection_sessions \(condition)") ?? 0 } ?? 0
    }
}
