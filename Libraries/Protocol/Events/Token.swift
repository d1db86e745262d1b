/// `token.issued`: a new access token. Travels on the token endpoint only.
package struct TokenIssued: Hashable, Sendable, Codable {
    /// `user` or `app`.
    package var kind: String
    /// Secret: never logged, never on another endpoint.
    package var accessToken: String
    package var login: String?
    package var userID: String?
    package var clientID: String
    package var scopes: [String]
    package var expiresAt: Timestamp?
    /// Grows with each token of a kind; the highest wins.
    package var version: Int

    package init(
        kind: String,
        accessToken: String,
        login: String? = nil,
        userID: String? = nil,
        clientID: String,
        scopes: [String] = [],
        expiresAt: Timestamp? = nil,
        version: Int
    ) {
        self.kind = kind
        self.accessToken = accessToken
        self.login = login
        self.userID = userID
        self.clientID = clientID
        self.scopes = scopes
        self.expiresAt = expiresAt
        self.version = version
    }

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case kind
        case accessToken = "access_token"
        case login
        case userID = "user_id"
        case clientID = "client_id"
        case scopes
        case expiresAt = "expires_at"
        case version
    }
}

extension TokenIssued: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Without the token, since services and errors are printed by interpolation.
    package var description: String {
        "TokenIssued(kind: \(kind), version: \(version), login: \(login ?? "none"), accessToken: redacted)"
    }

    package var debugDescription: String { description }

    package var customMirror: Mirror {
        Mirror(self, children: ["kind": kind, "version": version, "login": login ?? "none", "accessToken": "redacted"])
    }
}

/// `token.rejected`: Twitch refused a token.
package struct TokenRejected: Hashable, Sendable, Codable {
    package var kind: String
    /// First 16 hex digits of the token's SHA-256; never the token.
    package var fingerprint: String
    package var reason: String
    package var rejectedAt: Timestamp

    package init(
        kind: String,
        fingerprint: String,
        reason: String,
        rejectedAt: Timestamp
    ) {
        self.kind = kind
        self.fingerprint = fingerprint
        self.reason = reason
        self.rejectedAt = rejectedAt
    }

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case kind
        case fingerprint
        case reason
        case rejectedAt = "rejected_at"
    }
}
