import AsyncHTTPClient
import EventBus
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import Protocol
import ServiceLifecycle
import ServiceRuntime
import Synchronization
import TestSupport
import TokenStore

/// The real token service as a process, the simulator, a follower of its tokens, and the token file between them.
final class ServiceStage: Sendable {
    let directory: String
    let twitch: TwitchStage
    let file: TokenFile
    private let processes = Mutex<[RunningProgram]>([])

    var state: String { self.directory + "/state" }

    private init(_ directory: String, _ twitch: TwitchStage) {
        self.directory = directory
        self.twitch = twitch
        self.file = TokenFile(directory: directory + "/state")
    }

    /// Runs `body` below a temporary folder, and ends every process afterwards.
    static func with(lifetime: Int = 14_400, _ body: (ServiceStage) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let stage = ServiceStage(directory, try await TwitchStage(in: directory, lifetime: lifetime))
            try FileManager.default.createDirectory(
                atPath: stage.state,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            do {
                try await body(stage)
                try await stage.end()
            } catch {
                try? await stage.end()
                throw error
            }
        }
    }

    private func end() async throws {
        for process in self.processes.withLock({ $0 }) where process.isRunning { _ = try await process.stop() }
        _ = try await self.twitch.process.stop()
    }

    /// Starts the service. `client` is `pub`, `conf` (with its secret) or nil.
    func start(client: String? = "pub", _ extra: [String: String] = [:]) throws -> RunningProgram {
        var environment = [
            "STATE_DIR": self.state, "HTTP_PORT": "0", "LOG_LEVEL": "debug", "LOG_FORMAT": "json",
            "TWITCH_AUTH_URL": self.twitch.authURL,
        ]
        environment["TWITCH_CLIENT_ID"] = client
        if client == "conf" { environment["TWITCH_CLIENT_SECRET"] = "hush" }
        let program = try RunningProgram(
            "token-service",
            environment: environment.merging(extra) { $1 },
            in: self.directory
        )
        self.processes.withLock { $0.append(program) }
        return program
    }

    /// Logs in as `collector auth login` does.
    func logIn(client: String = "pub", scopes: [String] = ["chat:read"]) async throws -> TwitchStage.Pair {
        let pair = try await self.twitch.grant(client: client, scopes: scopes)
        try self.file.update {
            $0.logIn(
                StoredToken(
                    accessToken: Secret(pair.accessToken),
                    refreshToken: pair.refreshToken.map { Secret($0) },
                    clientID: client,
                    login: "harborlog",
                    obtainedAt: WallClock.system.now(),
                    expiresAt: Timestamp(rawValue: WallClock.system.now().rawValue + 14_400_000)
                )
            )
        }
        return pair
    }

    /// Follows the tokens as a gateway does.
    func following(_ body: (TokenFollower) async throws -> Void) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        // The service makes this directory; whoever comes first does.
        let follower = try TokenFollower(
            TokenFollower.Configuration(endpoints: ["ipc://\(self.state)/bus/token-service-*"]),
            logger: logger
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await follower.run() }
            try await body(follower)
            group.cancelAll()
            do { try await group.waitForAll() } catch is CancellationError {}
        }
    }

    /// What `/health/ready` says; nil while it does not answer.
    func readiness(_ program: RunningProgram) async -> (status: UInt, body: String)? {
        guard let text = await self.get("health/ready", program) else { return nil }
        return text
    }

    func get(_ path: String, _ program: RunningProgram) async -> (status: UInt, body: String)? {
        guard let run = RunFile.all(in: self.state).first(where: { $0.pid == program.pid }),
            let response = try? await HTTPClient.shared.execute(
                HTTPClientRequest(url: "http://\(run.http)/\(path)"),
                timeout: .seconds(5)
            ),
            let body = try? await response.body.collect(upTo: 1 << 20)
        else { return nil }
        return (response.status.code, String(buffer: body))
    }
}
