#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What `/validate` says about a valid token (`twitch-protocol` §5.6): the truth about its login, scopes and life.
package struct TokenValidation: Hashable, Sendable {
    /// The application that the token was made for; nil where the answer does not tell.
    package var clientID: String?
    /// The account's login, lowercase; nil for app tokens.
    package var login: String?
    /// The account's id; nil for app tokens.
    package var userID: String?
    /// What the token allows; nil where the answer does not tell.
    package var scopes: [String]?
    /// How long the token lives from now, in whole seconds and at most ten years; nil where no end is known, which is not
    /// zero.
    package var expiresIn: Duration?

    /// A validation.
    package init(clientID: String?, login: String?, userID: String?, scopes: [String]?, expiresIn: Duration?) {
        self.clientID = clientID
        self.login = login
        self.userID = userID
        self.scopes = scopes
        self.expiresIn = expiresIn
    }
}

extension TokenValidation: Decodable {
    /// `login`, `user_id` and `scopes` may be null, missing or empty, and a field that makes no sense is taken for missing.
    /// An answer that names neither application nor account does not come from such a server: it proves nothing.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            clientID: container.text(.clientID, atMost: 128).flatMap { $0.isVisibleASCII(atMost: 128) ? $0 : nil },
            login: container.login(.login),
            userID: container.identifier(.userID),
            scopes: container.scopes(.scopes),
            expiresIn: container.lifetime(.expiresIn)
        )
        guard self.clientID != nil || self.login != nil else {
            throw DecodingError.dataCorruptedError(forKey: .clientID, in: container, debugDescription: "nobody")
        }
    }

    private enum Key: String, CodingKey {
        case clientID = "client_id"
        case login
        case userID = "user_id"
        case scopes
        case expiresIn = "expires_in"
    }
}
