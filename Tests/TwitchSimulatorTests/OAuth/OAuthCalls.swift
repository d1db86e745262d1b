import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@testable import twitch_simulator

/// An answer of the simulated Twitch.
struct Answer: Sendable {
    var status: UInt
    var body: String
    var headers: HTTPHeaders

    /// The first header of a name, in lower case.
    func header(_ name: String) -> String? { self.headers.first(name: name) }

    /// Where a redirect leads, taken apart.
    var redirect: FormFields {
        FormFields(String(self.headers.first(name: "location")?.split(separator: "?").last ?? ""))
    }
}

/// A successful answer of `/oauth2/token`.
struct TokenAnswer: Decodable, Sendable {
    var accessToken: String
    var refreshToken: String?
    var expiresIn: Int
    var scope: [String]?
    var tokenType: String
}

/// The answer of `/oauth2/device`.
struct DeviceAnswer: Decodable, Sendable {
    var deviceCode: String
    var userCode: String
    var verificationUri: String
    var expiresIn: Int
    var interval: Int
}

/// What an application knows of itself.
enum App {
    static let confidential = ["client_id": "simulator-client", "client_secret": "simulator-secret"]
    static let `public` = ["client_id": "simulator-public"]
    static let deviceGrantType = "urn:ietf:params:oauth:grant-type:device_code"
}

extension RunningSimulator {
    /// Like a browser that shows redirects instead of following them.
    private static let client = HTTPClient(
        eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
        configuration: HTTPClient.Configuration(redirectConfiguration: .disallow)
    )

    func fetch(_ url: String, headers: [String: String] = [:]) async throws -> Answer {
        var request = HTTPClientRequest(url: url)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        return try await self.execute(request)
    }

    /// Sends a form.
    func form(_ url: String, _ fields: [String: String]) async throws -> Answer {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
        let body = fields.map { "\($0.key)=\(FormFields.encode($0.value))" }.joined(separator: "&")
        request.body = .bytes(ByteBuffer(string: body))
        return try await self.execute(request)
    }

    /// `POST /oauth2/token` with the fields of an application and of a grant.
    func token(_ app: [String: String], _ fields: [String: String]) async throws -> Answer {
        try await self.form("\(self.endpoints.auth)/token", app.merging(fields) { _, field in field })
    }

    /// The same, which must succeed.
    func grant(_ app: [String: String], _ fields: [String: String]) async throws -> TokenAnswer {
        let answer = try await self.token(app, fields)
        try #require(answer.status == 200, "\(answer.body)")
        return try Self.decode(answer.body)
    }

    func refresh(_ app: [String: String], _ token: String?) async throws -> TokenAnswer {
        try await self.grant(app, ["grant_type": "refresh_token", "refresh_token": token ?? ""])
    }

    func validate(_ token: String) async throws -> Answer {
        try await self.fetch("\(self.endpoints.auth)/validate", headers: ["authorization": "OAuth \(token)"])
    }

    /// As if the user had approved.
    func approved(_ login: String, client: String = "simulator-client", scopes: String = #"["chat:read"]"#) async throws
        -> OAuthGrantResult
    {
        try await self.call("oauth/grant", #"{"client_id":"\#(client)","login":"\#(login)","scopes":\#(scopes)}"#)
    }

    func auditEntries(after sequence: Int = 0) async throws -> [AuditEntry] {
        let page: AuditPage = try Self.decode(try await self.get("oauth/audit?after=\(sequence)").body)
        return page.entries
    }

    private func execute(_ request: HTTPClientRequest) async throws -> Answer {
        let response = try await Self.client.execute(request, timeout: .seconds(30))
        let body = try await response.body.collect(upTo: 1 << 22)
        return Answer(status: response.status.code, body: String(buffer: body), headers: response.headers)
    }
}
