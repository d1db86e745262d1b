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
    /// How long the access token lives from now, at most ten years; nil where no end is known, which is not zero.
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
    /// Only an access token that can be used makes a grant; whatever else makes no sense is taken for missing.
    ///
    /// `scope` is a list, null or missing; as one text with spaces it is RFC 6749's form.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        guard let accessToken = container.secret(.accessToken) else {
            throw DecodingError.dataCorruptedError(forKey: .accessToken, in: container, debugDescription: "no token")
        }
        self.init(
            accessToken: accessToken,
            refreshToken: container.secret(.refreshToken),
            expiresIn: container.lifetime(.expiresIn),
            scopes: container.scopes(.scope) ?? []
        )
    }

    private enum Key: String, CodingKey {
        case accessToken = "access_token"
        case refreshToken = "refresh_token"
        case expiresIn = "expires_in"
        case scope
    }
}
