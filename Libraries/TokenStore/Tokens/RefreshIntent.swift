package import Protocol

/// Written before a refresh is asked for: while it stands, the refresh token may be spent and its answer lost.
package struct RefreshIntent: Hashable, Sendable, Codable {
    /// The refresh token that is being spent.
    package var refreshFingerprint: String
    /// When the refresh was begun; together with the fingerprint it names this one attempt.
    package var startedAt: Timestamp

    /// An intent.
    package init(refreshFingerprint: String, startedAt: Timestamp) {
        self.refreshFingerprint = refreshFingerprint
        self.startedAt = startedAt
    }

    private enum CodingKeys: String, CodingKey {
        case refreshFingerprint = "refresh_fingerprint"
        case startedAt = "started_at"
    }
}

/// Why the stored refresh token must never be sent again.
package struct RefreshRefusal: Hashable, Sendable, Codable {
    /// The refresh token that is worthless; of a token without one, the access token.
    package var fingerprint: String
    /// One line for a person, without secrets.
    package var reason: String
    /// When it was found out.
    package var refusedAt: Timestamp

    /// A refusal.
    package init(fingerprint: String, reason: String, refusedAt: Timestamp) {
        self.fingerprint = fingerprint
        self.reason = reason
        self.refusedAt = refusedAt
    }

    private enum CodingKeys: String, CodingKey {
        case fingerprint
        case reason
        case refusedAt = "refused_at"
    }
}
