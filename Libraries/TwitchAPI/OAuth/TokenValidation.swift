#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What `/validate` says about a valid token (`twitch-protocol` §5.6): the truth about its login, scopes and life.
package struct TokenValidation: Hashable, Sendable {
    /// The application that the token was made for.
    package var clientID: String
    /// The account's login; nil for app tokens.
    package var login: String?
    /// The account's id; nil for app tokens.
    package var userID: String?
    /// What the token allows.
    package var scopes: [String]
    /// How long the token lives from now, in whole seconds.
    package var expiresIn: Duration

    /// A validation.
    package init(clientID: String, login: String?, userID: String?, scopes: [String], expiresIn: Duration) {
        self.clientID = clientID
        self.login = login
        self.userID = userID
        self.scopes = scopes
        self.expiresIn = expiresIn
    }
}

extension TokenValidation: Decodable {
    /// `login`, `user_id` and `scopes` may be null, missing or empty.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let login = try container.decodeIfPresent(String.self, forKey: .login) ?? ""
        let userID = try container.decodeIfPresent(String.self, forKey: .userID) ?? ""
        self.init(
            clientID: try container.decode(String.self, forKey: .clientID),
            login: login.isEmpty ? nil : login,
            userID: userID.isEmpty ? nil : userID,
            scopes: try container.decodeIfPresent([String].self, forKey: .scopes) ?? [],
            expiresIn: .seconds(max(0, try container.decodeIfPresent(Int64.self, forKey: .expiresIn) ?? 0))
        )
    }

    private enum Key: String, CodingKey {
        case clientID = "client_id"
        case login
        case userID = "user_id"
        case scopes
        case expiresIn = "expires_in"
    }
}
