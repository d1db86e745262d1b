import AsyncHTTPClient
import ServiceLifecycle
import ServiceRuntime
import TokenStore
import TwitchAPI

/// Asks Twitch on behalf of the keepers, with the application that a token was made for.
struct OAuthConnection: Sendable {
    let http: HTTPClient
    let baseURL: APIBaseURL
    /// `TWITCH_CLIENT_ID`.
    let clientID: String?
    /// `TWITCH_CLIENT_SECRET`.
    let clientSecret: Secret?

    /// Without a secret, refresh tokens work once.
    var isPublic: Bool { self.clientSecret == nil }

    func validate(_ token: StoredToken) async -> Result<TokenValidation, OAuthError> {
        await self.result { client throws(OAuthError) in try await client.validate(token.accessToken) }
    }

    func validate(_ token: Secret) async -> Result<TokenValidation, OAuthError> {
        await self.result { client throws(OAuthError) in try await client.validate(token) }
    }

    func refresh(_ token: StoredToken) async -> Result<TokenGrant, OAuthError> {
        guard let refreshToken = token.refreshToken else {
            return .failure(OAuthError(.refused, "there is no refresh token"))
        }
        return await self.result(of: self.clientID ?? token.clientID) { client throws(OAuthError) in
            try await client.refresh(refreshToken)
        }
    }

    func clientCredentials() async -> Result<TokenGrant, OAuthError> {
        await self.result(of: self.clientID) { client throws(OAuthError) in try await client.clientCredentials() }
    }

    private func result<Value>(
        of clientID: String? = nil,
        _ work: (OAuthClient) async throws(OAuthError) -> Value
    ) async -> Result<Value, OAuthError> {
        let client = OAuthClient(
            http: self.http,
            baseURL: self.baseURL,
            clientID: clientID ?? self.clientID ?? "",
            clientSecret: self.clientSecret
        )
        do throws(OAuthError) {
            return .success(try await work(client))
        } catch {
            return .failure(error)
        }
    }
}

/// Closes the HTTP client when everything that uses it has stopped.
struct HTTPClientLifetime: Service {
    let http: HTTPClient
    /// Held as long as the process may still refresh.
    let lock: ProcessLock

    func run() async throws {
        try? await gracefulShutdown()
        try await self.http.shutdown()
    }
}
