import AsyncHTTPClient
import EventBus
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import Protocol
import TestSupport
import Testing

/// A stack with a token endpoint of its own and a recorder of what the poller publishes.
///
/// The tokens are real ones of the simulator; the test publishes them in the token service's place, so that it decides
/// when there is one.
struct StreamStack: Sendable {
    let stack: Stack
    let recorder: EventRecorder
    private let tokens: TokenPublisher

    /// Polls twice a second; a stream is over after three polls in a row without it.
    static let hurried = [
        "STREAM_POLL_INTERVAL": "500ms", "STREAM_OFFLINE_POLLS": "3", "STREAM_OFFLINE_AFTER": "1s",
    ]

    static func with(
        channels: [String] = ["quietharbor", "loudlagoon", "sunken_pier"],
        simulator arguments: [String] = [],
        _ body: (StreamStack) async throws -> Void
    ) async throws {
        try await Stack.with(channels: channels, simulator: arguments) { stack in
            let state = stack.directory + "/state"
            try FileManager.default.createDirectory(
                atPath: state,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let tokens = try TokenPublisher(.init(stateDirectory: state), logger: logger)
            let recorder = try EventRecorder(stateDirectory: state)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await tokens.run() }
                group.addTask { await recorder.run() }
                let streams = StreamStack(stack: stack, recorder: recorder, tokens: tokens)
                do { try await body(streams) } catch {
                    print("the poller said: \(stack.poller?.errorOutput.suffix(2000) ?? "nothing")")
                    group.cancelAll()
                    throw error
                }
                group.cancelAll()
                while let ended = await group.nextResult() { _ = ended }
            }
        }
    }

    /// Gets an app token from the simulator and publishes it.
    /// - Returns: The token, to be revoked by the test.
    @discardableResult
    func issueToken(version: Int = 1) async throws -> String {
        var request = HTTPClientRequest(url: (stack.environment["TWITCH_AUTH_URL"] ?? "") + "/token")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
        request.body = .bytes(
            ByteBuffer(
                string: "client_id=simulator-client&client_secret=simulator-secret&grant_type=client_credentials"
            )
        )
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let body = try await response.body.collect(upTo: 1 << 20)
        struct Grant: Decodable { var access_token: String }
        let grant = try JSONDecoder().decode(Grant.self, from: Data(body.readableBytesView))
        tokens.issue(
            TokenIssued(kind: "app", accessToken: grant.access_token, clientID: "simulator-client", version: version)
        )
        return grant.access_token
    }

    /// Starts a stream at the simulator. Returns its id.
    func goLive(_ login: String, _ more: [String: any Sendable] = [:]) async throws -> String {
        struct Started: Decodable { var id: String }
        let body: [String: any Sendable] = ["login": login, "online": true, "title": "Slow morning", "viewers": 41]
        let started: Started = try await stack.control.call("POST", "streams", body.merging(more) { $1 })
        return started.id
    }

    func end(_ login: String) async throws { try await stack.control.post("streams/end", ["login": login]) }

    /// What the simulator's Helix was asked.
    struct HelixLog: Decodable, Sendable {
        struct Call: Decodable, Sendable {
            var sequence: Int
            var endpoint: String
            var status: Int
        }

        var total: Int
        var calls: [Call]
    }

    func helixLog(after sequence: Int = 0) async throws -> HelixLog {
        try await stack.control.call("GET", "helix-log?after=\(sequence)", [:])
    }

    /// Waits until Helix has answered so many more polls.
    func polls(_ count: Int) async throws {
        let before = try await helixLog()
        let last = before.calls.map(\.sequence).max() ?? 0
        try await eventually("\(count) polls") {
            try await helixLog(after: last).calls.count { $0.endpoint == "streams" && $0.status == 200 } >= count
        }
    }
}
