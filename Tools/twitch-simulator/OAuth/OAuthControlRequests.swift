/// `POST /oauth/grant`: as if the user had approved.
struct OAuthGrantRequest: Decodable, Sendable {
    var clientID: String
    var login: String
    var scopes: [String]?

    private enum CodingKeys: String, CodingKey {
        case clientID = "clientId"
        case login
        case scopes
    }
}

/// `POST /oauth/expire` and `POST /oauth/revoke`: whose tokens. Everything given must match.
struct OAuthTokensRequest: Decodable, Sendable {
    var login: String?
    var accessToken: String?
    var clientID: String?

    private enum CodingKeys: String, CodingKey {
        case login
        case accessToken
        case clientID = "clientId"
    }
}

/// `POST /oauth/device/approve` and `…/deny`.
struct DeviceDecisionRequest: Decodable, Sendable {
    var userCode: String
    /// Who approves; by default the person of `--person`.
    var login: String?
}

/// `POST /oauth/settings`: what is given changes, for what happens from now on.
struct OAuthSettingsRequest: Decodable, Sendable {
    var tokenLifetimeSeconds: Int?
    var appTokenLifetimeSeconds: Int?
    var deviceLifetimeSeconds: Int?
    var deviceIntervalSeconds: Int?
    var rotateRefreshTokens: Bool?
    var slowDown: Bool?
    var strictTokens: Bool?
}

/// The answer of `POST /oauth/grant`.
struct OAuthGrantResult: Codable, Sendable {
    var accessToken: String
    var refreshToken: String?
    var expiresIn: Int
}

/// The answer of `GET /oauth/audit`.
struct AuditPage: Codable, Sendable {
    var entries: [AuditEntry]
}
