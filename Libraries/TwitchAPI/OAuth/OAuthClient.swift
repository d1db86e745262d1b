package import AsyncHTTPClient
package import ServiceRuntime

/// Asks `id.twitch.tv` for tokens and about tokens (`twitch-protocol` §5).
///
/// Secrets travel in bodies and headers, never in a URL. One call is one request: nothing is retried here, because only
/// the caller knows whether a second attempt is safe.
package struct OAuthClient: Sendable {
    /// Made with ``AsyncHTTPClient/HTTPClient/Configuration/twitchAPI``.
    let http: HTTPClient
    /// `TWITCH_AUTH_URL`.
    package let baseURL: APIBaseURL
    /// `TWITCH_CLIENT_ID`.
    package let clientID: String
    /// `TWITCH_CLIENT_SECRET`; nil for a public client.
    let clientSecret: Secret?
    /// How long one request may take, connecting included.
    package var timeout: Duration = .seconds(10)

    /// A client for one application.
    package init(http: HTTPClient, baseURL: APIBaseURL, clientID: String, clientSecret: Secret?) {
        self.http = http
        self.baseURL = baseURL
        self.clientID = clientID
        self.clientSecret = clientSecret
    }

    /// A public client has no secret, and its refresh tokens may be used once only.
    package var isPublic: Bool { self.clientSecret == nil }

    /// Asks about a token. Throws `invalidToken` when Twitch does not know it any more.
    package func validate(_ token: Secret) async throws(OAuthError) -> TokenValidation {
        let answer = try await self.get("validate", token: token)
        switch answer.status {
        case 200..<300: return try answer.decoded()
        case 401: throw answer.error(.invalidToken)
        default: throw answer.error(.transient)
        }
    }

    /// Exchanges a refresh token for a new pair.
    ///
    /// Throws `refused` when the refresh token is worthless; an ambiguous error when it may have been spent.
    package func refresh(_ refreshToken: Secret) async throws(OAuthError) -> TokenGrant {
        var form = self.clientForm("refresh_token")
        form.append("refresh_token", refreshToken.reveal())
        let answer = try await self.post("token", form, hiding: [refreshToken])
        guard !answer.isSuccess else { return try answer.decoded() }
        throw answer.error(answer.refreshCode)
    }

    /// An app access token; needs the client secret.
    package func clientCredentials() async throws(OAuthError) -> TokenGrant {
        let answer = try await self.post("token", self.clientForm("client_credentials"), hiding: [])
        switch answer.status {
        case 200..<300: return try answer.decoded()
        case 400, 401, 403: throw answer.error(.clientRefused)
        default: throw answer.error(.transient)
        }
    }

    /// Turns the code that came back from the authorize page into tokens.
    package func exchange(code: Secret, redirectURI: String) async throws(OAuthError) -> TokenGrant {
        var form = self.clientForm("authorization_code")
        form.append("code", code.reveal())
        form.append("redirect_uri", redirectURI)
        let answer = try await self.post("token", form, hiding: [code])
        switch answer.status {
        case 200..<300: return try answer.decoded()
        case 400..<500 where answer.isAboutClient: throw answer.error(.clientRefused)
        case 400..<500 where answer.status != 429: throw answer.error(.refused)
        default: throw answer.error(.transient)
        }
    }

    /// Makes a token worthless. Throws `invalidToken` when it was so already.
    package func revoke(_ token: Secret) async throws(OAuthError) {
        let form = FormBody(["client_id": self.clientID, "token": token.reveal()])
        let answer = try await self.post("revoke", form, hiding: [token])
        switch answer.status {
        case 200..<300: return
        case 400 where answer.isAboutClient: throw answer.error(.clientRefused)
        case 400, 401: throw answer.error(.invalidToken)
        case 404: throw answer.error(.clientRefused)
        default: throw answer.error(.transient)
        }
    }

    /// The page on which a person lets us in.
    /// - Parameters:
    ///   - redirectURI: Where the browser comes back to; registered with the application, compared exactly.
    ///   - scopes: At least one: a token without scopes cannot always be refreshed.
    ///   - state: At least 128 random bits, compared when the browser comes back.
    ///   - forceVerify: Ask even a person who has agreed before, so that another account can be chosen.
    /// - Returns: The address for the browser; it holds no secret.
    package func authorizeURL(
        redirectURI: String,
        scopes: [String],
        state: String,
        forceVerify: Bool = false
    ) -> String {
        var query = FormBody([
            "response_type": "code", "client_id": self.clientID, "redirect_uri": redirectURI,
            "scope": scopes.joined(separator: " "), "state": state,
        ])
        if forceVerify { query.append("force_verify", "true") }
        return "\(self.baseURL)/authorize?\(query.text)"
    }

    /// `client_id`, `client_secret` where there is one, and the grant type.
    func clientForm(_ grantType: String) -> FormBody {
        var form = FormBody(["client_id": self.clientID, "grant_type": grantType])
        if let clientSecret { form.append("client_secret", clientSecret.reveal()) }
        return form
    }
}
