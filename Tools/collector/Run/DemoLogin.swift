import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1
import Protocol
import ServiceRuntime
import TokenStore

/// Logs the demo in at the simulator, as a person would with `collector auth login`.
struct DemoLogin: Sendable {
    var stateDirectory: String
    var client: HTTPClient = .shared

    /// The simulator forgets everything when it ends, so that each of its starts needs a login of its own.
    /// - Parameter control: The simulator's HTTP address.
    /// - Throws: When the simulator does not answer, or the token file cannot be written.
    func logIn(at control: String) async throws {
        var request = HTTPClientRequest(url: "\(control)/oauth/grant")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        let wish = Wish(clientID: RunPlan.demoClient.id, login: RunPlan.demoClient.login, scopes: ["chat:read"])
        request.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(wish)))
        let response = try await client.execute(request, timeout: .seconds(5))
        let body = Data(try await response.body.collect(upTo: 64 << 10).readableBytesView)
        let grant = try JSONDecoder().decode(Grant.self, from: body)
        let now = WallClock.system.now()
        let token = StoredToken(
            accessToken: Secret(grant.accessToken),
            refreshToken: Secret(grant.refreshToken),
            clientID: wish.clientID,
            login: wish.login,
            scopes: wish.scopes,
            obtainedAt: now,
            expiresAt: Timestamp(rawValue: now.rawValue + grant.expiresIn * 1000)
        )
        try TokenFile(directory: stateDirectory).update { $0.logIn(token) }
    }

    private struct Wish: Encodable {
        var clientID: String
        var login: String
        var scopes: [String]

        enum CodingKeys: String, CodingKey {
            case clientID = "client_id"
            case login
            case scopes
        }
    }

    private struct Grant: Decodable {
        var accessToken: String
        var refreshToken: String
        var expiresIn: Int64

        enum CodingKeys: String, CodingKey {
            case accessToken = "access_token"
            case refreshToken = "refresh_token"
            case expiresIn = "expires_in"
        }
    }
}
