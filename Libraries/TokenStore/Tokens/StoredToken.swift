package import Protocol
package import ServiceRuntime

/// A user's access token with what belongs to it.
package struct StoredToken: Hashable, Sendable {
    /// The access token.
    package var accessToken: Secret
    /// Nil when the token cannot be renewed.
    package var refreshToken: Secret?
    /// The application that the token was made for; nil until Twitch was asked.
    package var clientID: String?
    /// The account's login; nil until Twitch was asked.
    package var login: String?
    /// The account's id; nil until Twitch was asked.
    package var userID: String?
    /// What the token allows; nil until Twitch was asked.
    package var scopes: [String]?
    /// When Twitch issued it; nil when somebody else got it, so that its whole lifetime is not known.
    package var obtainedAt: Timestamp?
    /// When it stops being valid; nil until Twitch was asked.
    package var expiresAt: Timestamp?
    /// When Twitch last said that it is valid.
    package var validatedAt: Timestamp?

    /// A token; what is left out is learned from `/validate`.
    package init(
        accessToken: Secret,
        refreshToken: Secret?,
        clientID: String? = nil,
        login: String? = nil,
        userID: String? = nil,
        scopes: [String]? = nil,
        obtainedAt: Timestamp? = nil,
        expiresAt: Timestamp? = nil,
        validatedAt: Timestamp? = nil
    ) {
        self.accessToken = accessToken
        self.refreshToken = refreshToken
        self.clientID = clientID
        self.login = login
        self.userID = userID
        self.scopes = scopes
        self.obtainedAt = obtainedAt
        self.expiresAt = expiresAt
        self.validatedAt = validatedAt
    }

    /// Same access and refresh token, whatever was learned about them.
    package func isSamePair(as other: StoredToken?) -> Bool {
        self.accessToken == other?.accessToken && self.refreshToken == other?.refreshToken
    }
}

extension StoredToken: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            accessToken: Secret(try container.decode(String.self, forKey: .accessToken)),
            refreshToken: try container.decodeIfPresent(String.self, forKey: .refreshToken).map { Secret($0) },
            clientID: try container.decodeIfPresent(String.self, forKey: .clientID),
            login: try container.decodeIfPresent(String.self, forKey: .login),
            userID: try container.decodeIfPresent(String.self, forKey: .userID),
            scopes: try container.decodeIfPresent([String].self, forKey: .scopes),
            obtainedAt: try container.decodeIfPresent(Timestamp.self, forKey: .obtainedAt),
            expiresAt: try container.decodeIfPresent(Timestamp.self, forKey: .expiresAt),
            validatedAt: try container.decodeIfPresent(Timestamp.self, forKey: .validatedAt)
        )
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(self.accessToken.reveal(), forKey: .accessToken)
        try container.encodeIfPresent(self.refreshToken?.reveal(), forKey: .refreshToken)
        try container.encodeIfPresent(self.clientID, forKey: .clientID)
        try container.encodeIfPresent(self.login, forKey: .login)
        try container.encodeIfPresent(self.userID, forKey: .userID)
        try container.encodeIfPresent(self.scopes, forKey: .scopes)
        try container.encodeIfPresent(self.obtainedAt, forKey: .obtainedAt)
        try container.encodeIfPresent(self.expiresAt, forKey: .expiresAt)
        try container.encodeIfPresent(self.validatedAt, forKey: .validatedAt)
    }

    private enum Key: String, CodingKey {
        case accessToken = "access_token"
        case refreshToken = "refresh_token"
        case clientID = "client_id"
        case login
        case userID = "user_id"
        case scopes
        case obtainedAt = "obtained_at"
        case expiresAt = "expires_at"
        case validatedAt = "validated_at"
    }
}
