import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

/// The real simulator as a process, and what a test tells it.
final class TwitchStage: Sendable {
    let process: RunningProgram
    /// `TWITCH_AUTH_URL`.
    let authURL: String
    private let control: String

    /// One request in the simulator's audit log.
    struct Audit: Decodable, Sendable {
        var sequence: Int
        var atMilliseconds: Int64
        var endpoint: String
        var grantType: String?
        var status: Int
        var fingerprint: String?
        var refreshFingerprint: String?
        var spentRefresh: Bool
    }

    /// A pair of tokens that the simulator has issued.
    struct Pair: Decodable, Sendable {
        var accessToken: String
        var refreshToken: String?
    }

    /// Starts it with a public client `pub`, a confidential one `conf=hush`, and user tokens of `lifetime` seconds.
    init(in directory: String, lifetime: Int = 14_400) async throws {
        let process = try RunningProgram(
            "twitch-simulator",
            [
                "--irc-port", "0", "--control-port", "0", "--rate", "0", "--client", "pub", "--client", "conf=hush",
                "--token-lifetime", "\(lifetime)",
            ],
            in: directory
        )
        self.process = process
        try await eventually("the simulator announces itself: \(process.errorOutput)") {
            process.output.contains("\n") || !process.isRunning
        }
        struct Announcement: Decodable {
            var auth: String
            var control: String
        }
        let announcement = try JSONDecoder().decode(Announcement.self, from: Data(process.output.utf8))
        self.authURL = announcement.auth
        self.control = announcement.control
    }

    func grant(client: String, login: String = "harborlog", scopes: [String] = ["chat:read"]) async throws -> Pair {
        try await self.post("oauth/grant", ["client_id": client, "login": login, "scopes": scopes])
    }

    func expire(_ pair: Pair) async throws {
        let _: Count = try await self.post("oauth/expire", ["access_token": pair.accessToken])
    }

    func revoke(login: String = "harborlog") async throws {
        let _: Count = try await self.post("oauth/revoke", ["login": login])
    }

    func fail(_ fault: [String: any Sendable]) async throws {
        let _: Count = try await self.post("faults/oauth", fault)
    }

    func audit() async throws -> [Audit] {
        struct Page: Decodable { var entries: [Audit] }
        let page: Page = try await self.call(HTTPClientRequest(url: "\(self.control)/oauth/audit"))
        return page.entries
    }

    /// The refreshes that reached it.
    func refreshes() async throws -> [Audit] { try await self.audit().filter { $0.grantType == "refresh_token" } }

    private struct Count: Decodable { var count: Int }

    private struct Refused: Error { var text: String }

    private func post<Answer: Decodable>(_ path: String, _ body: [String: any Sendable]) async throws -> Answer {
        var request = HTTPClientRequest(url: "\(self.control)/\(path)")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: try JSONSerialization.data(withJSONObject: body)))
        return try await self.call(request)
    }

    private func call<Answer: Decodable>(_ request: HTTPClientRequest) async throws -> Answer {
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let body = Data(try await response.body.collect(upTo: 16 << 20).readableBytesView)
        guard response.status == .ok else { throw Refused(text: String(decoding: body, as: UTF8.self)) }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Answer.self, from: body)
    }
}
