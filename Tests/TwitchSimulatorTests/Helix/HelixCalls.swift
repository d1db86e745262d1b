import Testing

@testable import twitch_simulator

/// An item of Get Users, Get Streams or Get Channel Information, as far as the tests look.
struct HelixItem: Decodable, Sendable, Equatable {
    var id: String?
    var login: String?
    var userId: String?
    var userLogin: String?
    var userName: String?
    var displayName: String?
    var title: String?
    var gameId: String?
    var gameName: String?
    var viewerCount: Int?
    var language: String?
    var tags: [String]?
    var startedAt: String?
    var email: String?
    var broadcasterId: String?
    var broadcasterLogin: String?
}

struct HelixAnswer: Decodable, Sendable {
    struct Pagination: Decodable, Sendable {
        var cursor: String?
    }

    var data: [HelixItem]
    var pagination: Pagination?
}

/// An application that asks Helix.
struct HelixApp: Sendable {
    let running: RunningSimulator
    let token: String

    /// With an app access token.
    init(_ running: RunningSimulator) async throws {
        self.running = running
        self.token = try await running.grant(App.confidential, ["grant_type": "client_credentials"]).accessToken
    }

    init(_ running: RunningSimulator, token: String) {
        self.running = running
        self.token = token
    }

    func fetch(_ path: String) async throws -> Answer {
        let headers = ["client-id": "simulator-client", "authorization": "Bearer \(self.token)"]
        return try await self.running.fetch("\(self.running.endpoints.api)/\(path)", headers: headers)
    }

    /// A call that must succeed.
    func get(_ path: String) async throws -> HelixAnswer {
        let answer = try await self.fetch(path)
        try #require(answer.status == 200, "\(path): \(answer.body)")
        return try RunningSimulator.decode(answer.body)
    }

    /// The logins that Get Streams lists.
    func live(_ query: String = "first=100") async throws -> [String?] {
        try await self.get("streams?\(query)").data.map(\.userLogin)
    }
}

extension RunningSimulator {
    /// Puts a channel on air.
    @discardableResult
    func goLive(_ login: String, _ more: String = "") async throws -> StreamResult {
        try await self.call("streams", #"{"login":"\#(login)","online":true\#(more)}"#)
    }

    func helixLog(after sequence: Int = 0) async throws -> HelixLogPage {
        try Self.decode(try await self.get("helix-log?after=\(sequence)").body)
    }
}

/// `name=a0&name=a1…`
func repeated(_ name: String, _ count: Int, prefix: String = "a") -> String {
    (0..<count).map { "\(name)=\(prefix)\($0)" }.joined(separator: "&")
}
