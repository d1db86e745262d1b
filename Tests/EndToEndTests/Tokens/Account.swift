import Foundation
import TestSupport
import Testing

/// Logging in, and what the simulator saw of it.
extension Stack {
    static let application = ["TWITCH_CLIENT_ID": "simulator-client", "TWITCH_CLIENT_SECRET": "simulator-secret"]
    static let publicApplication = ["TWITCH_CLIENT_ID": "simulator-public"]

    var state: String { directory + "/state" }

    /// Starts `collector` with the stack's settings.
    func collector(_ arguments: [String], _ extra: [String: String] = Stack.application) throws -> RunningProgram {
        try RunningProgram("collector", arguments, environment: environment.merging(extra) { $1 }, in: directory)
    }

    /// `collector auth login --device`, approved at once; 0 when all is well.
    func logIn(as login: String = "harborlog", _ extra: [String: String] = Stack.application) async throws {
        try await control.post("oauth/settings", ["device_interval_seconds": 1])
        let program = try collector(["auth", "login", "--device"], extra)
        let code = try await Self.code(shownBy: program)
        try await control.post("oauth/device/approve", ["user_code": code, "login": login])
        let status = try await program.exitCode()
        #expect(status == 0, "\(program.output)\(program.errorOutput)")
    }

    /// Starts the token service and waits until it has a token to give: a gateway waits three seconds for one, and a busy
    /// machine may need longer to start a program.
    func startReadyTokenService(_ extra: [String: String] = Stack.application) async throws {
        try startTokenService(extra)
        let service = try #require(tokenService)
        try await eventually("the token service is ready; it said: \(service.errorOutput.suffix(500))") {
            await Readiness.of(service, stateDirectory: state)?.status == 200
        }
    }

    /// The user code that a device login shows.
    static func code(shownBy program: RunningProgram) async throws -> String {
        try await eventually("a code is shown; \(program.errorOutput)") { program.output.contains("device-code=") }
        return try #require(program.output.firstMatch(of: /device-code=([A-Z0-9]+)/).map { String($0.1) })
    }

    struct Audit: Decodable, Sendable {
        struct Entry: Decodable, Sendable {
            var endpoint: String
            var grantType: String?
            var status: Int
            var spentRefresh: Bool
            var tooFast: Bool
        }
        var entries: [Entry]
    }

    /// What the simulator's authorization server was asked.
    func audit() async throws -> [Audit.Entry] {
        let audit: Audit = try await control.call("GET", "oauth/audit", [:])
        return audit.entries
    }

    func refreshes() async throws -> [Audit.Entry] {
        try await audit().filter { $0.endpoint == "token" && $0.grantType == "refresh_token" }
    }

    /// The nicks of those who read, sorted.
    func nicks() async throws -> [String] {
        struct Connection: Decodable {
            var nick: String?
            var isLoggedIn: Bool
        }
        let connections: [Connection] = try await control.call("GET", "connections", [:])
        return connections.filter(\.isLoggedIn).compactMap(\.nick).sorted()
    }

    /// Waits until one connection reads, under a name that begins so.
    func reads(as prefix: String) async throws {
        try await eventually("\(prefix) reads; the gateway said: \(gateway?.errorOutput.suffix(1500) ?? "")") {
            let nicks = try await nicks()
            return nicks.count == 1 && nicks[0].hasPrefix(prefix)
        }
        try await joined()
    }
}
