/// Twitch's `id.twitch.tv/oauth2` without the HTTP: clients, tokens, codes and what becomes of them.
///
/// Times are milliseconds of uptime.
struct AuthorizationServer: Sendable {
    /// Valid access tokens of one refresh token at most; the oldest dies.
    static let accessTokensPerRefreshToken = 50
    /// Tokens of each kind, dead ones included, that are remembered before the dead are forgotten.
    static let remembered = 10_000

    var settings: SimulatorSettings.OAuth
    var accessTokens: [String: AccessToken] = [:]
    var refreshTokens: [String: RefreshToken] = [:]
    var codes: [String: AuthorizationCode] = [:]
    var consents: [String: Consent] = [:]
    var devices: [String: DeviceRequest] = [:]
    /// Whether anybody ever approved anything.
    private(set) var hasIssuedUserTokens = false

    init(_ settings: SimulatorSettings.OAuth) { self.settings = settings }

    // MARK: - Clients

    func client(_ form: FormFields) throws(OAuthRefusal) -> RegisteredClient {
        guard let id = form["client_id"] else { throw .missingClientID }
        guard let client = self.settings.clients.first(where: { $0.id == id }) else { throw .invalidClient }
        return client
    }

    /// Demands the client's secret; a public client has none and fails.
    func authenticate(_ client: RegisteredClient, _ form: FormFields) throws(OAuthRefusal) {
        guard let secret = form["client_secret"] else { throw .missingClientSecret }
        guard secret == client.secret else { throw .invalidClientSecret }
    }

    // MARK: - Issuing

    /// A new user access token with a new refresh token.
    mutating func issue(_ client: RegisteredClient, user: String, scopes: [String]?, at now: Int64) -> TokenGrant {
        let refreshToken = TokenText.secret(50)
        self.refreshTokens[refreshToken] = RefreshToken(
            clientID: client.id,
            userID: user,
            scopes: scopes,
            expiresAt: client.isPublic ? now + Int64(self.settings.publicRefreshTokenLifetime) * 1000 : nil
        )
        return self.renew(refreshToken, user: user, client: client.id, scopes: scopes, at: now)
    }

    /// A further access token of a refresh token.
    mutating func renew(_ refreshToken: String, user: String, client: String, scopes: [String]?, at now: Int64)
        -> TokenGrant
    {
        self.hasIssuedUserTokens = true
        let token = TokenText.secret(30)
        let lifetime = self.settings.tokenLifetime
        self.accessTokens[token] = AccessToken(
            clientID: client,
            userID: user,
            scopes: scopes,
            expiresAt: now + Int64(lifetime) * 1000
        )
        self.refreshTokens[refreshToken]?.accessTokens.append(token)
        self.retireOldest(of: refreshToken, at: now)
        self.forgetTheDead(at: now)
        return TokenGrant(accessToken: token, refreshToken: refreshToken, expiresIn: lifetime, scopes: scopes)
    }

    /// An app access token.
    mutating func issueAppToken(_ client: RegisteredClient, at now: Int64) -> TokenGrant {
        let token = TokenText.secret(30)
        let lifetime = self.settings.appTokenLifetime
        self.accessTokens[token] = AccessToken(
            clientID: client.id,
            userID: nil,
            scopes: nil,
            expiresAt: now + Int64(lifetime) * 1000
        )
        self.forgetTheDead(at: now)
        return TokenGrant(accessToken: token, expiresIn: lifetime)
    }

    private mutating func retireOldest(of refreshToken: String, at now: Int64) {
        guard let tokens = self.refreshTokens[refreshToken]?.accessTokens else { return }
        let live = tokens.filter { self.live($0, at: now) != nil }
        let surplus = max(0, live.count - Self.accessTokensPerRefreshToken)
        for token in live.prefix(surplus) { self.accessTokens[token]?.isRevoked = true }
        self.refreshTokens[refreshToken]?.accessTokens = Array(live.dropFirst(surplus))
    }

    /// Keeps memory bounded over months: the dead are remembered for the audit's sake only.
    private mutating func forgetTheDead(at now: Int64) {
        if self.accessTokens.count > Self.remembered {
            self.accessTokens = self.accessTokens.filter { !$0.value.isRevoked && $0.value.expiresAt > now }
        }
        // A spent refresh token is known as such until then.
        if self.refreshTokens.count > Self.remembered {
            self.refreshTokens = self.refreshTokens.filter { $0.value.state == .live }
        }
    }

    // MARK: - Looking up and ending

    /// The token, if it is good now.
    func live(_ token: String, at now: Int64) -> AccessToken? {
        guard let found = self.accessTokens[token], !found.isRevoked, found.expiresAt > now else { return nil }
        return found
    }

    /// Cuts a user's connection to an application: every access and refresh token dies.
    ///
    /// - Returns: how many tokens died.
    mutating func disconnect(client: String, user: String, at now: Int64) -> Int {
        var count = 0
        for (token, found) in self.accessTokens where found.clientID == client && found.userID == user {
            if self.live(token, at: now) != nil { count += 1 }
            self.accessTokens[token]?.isRevoked = true
        }
        for (token, found) in self.refreshTokens where found.clientID == client && found.userID == user {
            guard found.state == .live else { continue }
            count += 1
            self.refreshTokens[token]?.state = .revoked
        }
        return count
    }
}
