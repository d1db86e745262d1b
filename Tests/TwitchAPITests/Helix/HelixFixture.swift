import AsyncHTTPClient
import ServiceRuntime
import Synchronization
import TwitchAPI

/// Tokens as a test hands them out: a refused one is replaced by the next of the list.
final class TestTokens: AccessTokenSource {
    private struct State {
        var tokens: [String]
        var rejections: [String] = []
    }

    private let state: Mutex<State>

    init(_ tokens: [String]) { state = Mutex(State(tokens: tokens)) }

    var rejections: [String] { state.withLock { $0.rejections } }

    func credentials() async -> HelixCredentials? {
        state.withLock { $0.tokens.first }.map { HelixCredentials(clientID: "client", token: Secret($0), kind: "app") }
    }

    func rejected(_ credentials: HelixCredentials, reason: String) async {
        state.withLock { state in
            let token = credentials.token.reveal()
            state.rejections.append(token)
            state.tokens.removeAll { $0 == token }
        }
    }

    func replacement(of credentials: HelixCredentials, within limit: Duration) async -> HelixCredentials? {
        await self.credentials()
    }
}

/// A clock that waiting moves on, and what was observed.
private final class TestClock: Sendable {
    private struct State {
        var now = HelixFixture.start
        var waits: [Duration] = []
        var outcomes: [String] = []
    }

    private let state = Mutex(State())

    var now: Int64 { state.withLock { $0.now } }
    var waits: [Duration] { state.withLock { $0.waits } }
    var outcomes: [String] { state.withLock { $0.outcomes } }

    func pass(_ duration: Duration) {
        state.withLock { state in
            state.now += Int64(duration / .milliseconds(1))
            state.waits.append(duration)
        }
    }

    func note(_ observation: HelixTransport.Observation) {
        state.withLock { $0.outcomes.append("\(observation.endpoint) \(observation.outcome)") }
    }
}

/// A client against a scripted server, whose waits take no time and move its clock.
final class HelixFixture: Sendable {
    static let start: Int64 = 1_800_000_000_000

    let server: ScriptedHelix
    let client: HelixClient
    let tokens: TestTokens
    private let clock = TestClock()

    var waits: [Duration] { clock.waits }
    var outcomes: [String] { clock.outcomes }

    private init(_ server: ScriptedHelix, _ http: HTTPClient, tokens: [String], timeout: Duration) throws {
        let clock = self.clock
        self.server = server
        self.tokens = TestTokens(tokens)
        let baseURL = try APIBaseURL(server.url + "/")
        var timing = HelixTiming()
        timing.timeout = timeout
        timing.now = { clock.now }
        timing.uptime = { clock.now }
        timing.sleep = { clock.pass($0) }
        client = HelixClient(http: http, baseURL: baseURL, tokens: self.tokens, timing: timing) {
            clock.note($0)
        }
    }

    /// A server that answers as `script` says, to be run by a test.
    struct Scripted: Sendable {
        var tokens: [String]
        var timeout: Duration
        var script: @Sendable (ScriptedHelix.Request, Int) -> ScriptedHelix.Answer

        func run<Result>(_ body: (HelixFixture) async throws -> Result) async throws -> Result {
            try await HelixFixture.with(tokens: tokens, timeout: timeout, script, body)
        }
    }

    static func answering(
        tokens: [String] = ["first", "second"],
        timeout: Duration = .seconds(20),
        _ script: @escaping @Sendable (ScriptedHelix.Request, Int) -> ScriptedHelix.Answer
    ) -> Scripted {
        Scripted(tokens: tokens, timeout: timeout, script: script)
    }

    static func with<Result>(
        tokens: [String] = ["first", "second"],
        timeout: Duration = .seconds(20),
        _ script: @escaping @Sendable (ScriptedHelix.Request, Int) -> ScriptedHelix.Answer,
        _ body: (HelixFixture) async throws -> Result
    ) async throws -> Result {
        try await ScriptedHelix.with(script) { server in
            let http = HTTPClient(configuration: .twitchAPI)
            do {
                let result = try await body(try HelixFixture(server, http, tokens: tokens, timeout: timeout))
                try await http.shutdown()
                return result
            } catch {
                try? await http.shutdown()
                throw error
            }
        }
    }
}
