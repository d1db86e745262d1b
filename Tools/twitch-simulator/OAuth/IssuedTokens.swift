import Crypto

/// An access token that was issued; the token itself is the key it is kept under.
struct AccessToken: Sendable {
    let clientID: String
    /// `nil` for an app access token.
    let userID: String?
    /// `nil` when no scope was asked for.
    let scopes: [String]?
    /// Uptime, milliseconds.
    var expiresAt: Int64
    var isRevoked = false
}

/// A refresh token that was issued.
struct RefreshToken: Sendable {
    enum State: Sendable {
        case live
        /// Exchanged for another one.
        case spent
        case revoked
    }

    let clientID: String
    let userID: String
    let scopes: [String]?
    /// Uptime, milliseconds; `nil` never.
    var expiresAt: Int64?
    var state = State.live
    /// The access tokens it stands for, the oldest first.
    var accessTokens: [String] = []
}

/// What a successful token request is answered with.
struct TokenGrant: Sendable, Equatable {
    var accessToken: String
    var refreshToken: String?
    /// Seconds.
    var expiresIn: Int
    var scopes: [String]?

    /// The body. `scope` is missing for app tokens, and when no scope was asked for.
    var reply: TwitchReply {
        var keys: [String: JSONValue] = [
            "access_token": .string(self.accessToken), "expires_in": .number(self.expiresIn), "token_type": "bearer",
        ]
        if let refreshToken { keys["refresh_token"] = .string(refreshToken) }
        if let scopes { keys["scope"] = .strings(scopes) }
        return .json(.object(keys))
    }
}

/// Random and hashed texts of the authorization server.
enum TokenText {
    private static let lowercase = Array("abcdefghijklmnopqrstuvwxyz0123456789")
    private static let consonants = Array("BCDFGHJKLMNPQRSTVWXZ")

    /// A secret of the given length, as Twitch's look.
    static func secret(_ length: Int) -> String { self.random(length, of: self.lowercase) }

    /// A code that a person types.
    static func userCode() -> String { self.random(8, of: self.consonants) }

    /// The first 16 hexadecimal digits of the SHA-256: names a token without telling it.
    static func fingerprint(_ token: String) -> String {
        SHA256.hash(data: Array(token.utf8)).prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func random(_ length: Int, of letters: [Character]) -> String {
        var generator = SystemRandomNumberGenerator()
        return String((0..<length).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] })
    }
}
