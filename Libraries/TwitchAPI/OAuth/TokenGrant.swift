package import ServiceRuntime

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What `/token` gives (`twitch-protocol` §5.2, §5.3).
package struct TokenGrant: Hashable, Sendable {
    /// The access token.
    package var accessToken: Secret
    /// Replaces the one that was used; nil for app tokens.
    package var refreshToken: Secret?
    /// How long the access token lives from now; nil when the answer does not say.
    package var expiresIn: Duration?
    /// Empty when none were asked for.
    package var scopes: [String]

    /// A grant.
    package init(accessToken: Secret, refreshToken: Secret? = nil, expiresIn: Duration?, scopes: [String] = []) {
        self.accessToken = accessToken
        self.refreshToken = refreshToken
        self.expiresIn = expiresIn
        self.scopes = scopes
    }
}

extension TokenGrant: Decodable {
    /// `scope` is a list, null or missing; as one text with spaces it is RFC 6749's form.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let accessToken = try container.decode(String.self, forKey: .accessToken)
        guard !accessToken.isEmpty else {
            throw DecodingError.dataCorruptedError(forKey: .accessToken, in: container, debugDescription: "empty")
        }
        let refreshToken = try container.decodeIfPresent(String.self, forKey: .refreshToken) ?? ""
        self.init(
            accessToken: Secret(accessToken),
            refreshToken: refreshToken.isEmpty ? nil : Secret(refreshToken),
            expiresIn: try container.decodeIfPresent(Int64.self, forKey: .expiresIn).map { .seconds(max(0, $0)) },
            scopes: (try? container.decodeIfPresent([String].self, forKey: .scope))
                ?? (try? container.decode(String.self, forKey: .scope))?.split(separator: " ").map(String.init) ?? []
        )
    }

    private enum Key: String, CodingKey {
        case accessToken = "access_token"
        case refreshToken = "refresh_token"
        case expiresIn = "expires_in"
        case scope
    }
}
