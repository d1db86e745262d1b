import FoundationEssentials
import Protocol
import TokenStore
import TwitchAPI

/// The login as a program reads it. Never a token: `fingerprint` is the first 16 hexadecimal digits of its SHA-256.
struct AuthStatusJSON: Encodable {
    var loggedIn: Bool
    var login: String?
    var userID: String?
    var clientID: String?
    var scopes: [String]
    /// Nil when Twitch was not, or could not be, asked.
    var valid: Bool?
    /// Nil when no end is known, too.
    var expiresIn: Int?
    var validatedAt: String?
    var canRefresh: Bool
    var refusal: String?
    var error: String?
    var fingerprint: String?
    var file: String
    var tokenServiceRunning: Bool

    init(_ status: AuthStatus) {
        loggedIn = status.isLoggedIn
        login = status.user?.login
        userID = status.user?.userID
        clientID = status.user?.clientID
        scopes = status.user?.scopes ?? []
        expiresIn = status.user == nil ? nil : status.expiresIn
        validatedAt = status.user?.validatedAt.map { "\($0)" }
        canRefresh = status.canRefresh
        refusal = status.tokens?.refusal?.reason
        fingerprint = status.user?.accessToken.fingerprint
        file = status.file
        tokenServiceRunning = !status.tokenServices.isEmpty
        switch status.live {
        case .valid(let validation):
            valid = true
            scopes = validation.scopes ?? scopes
        case .invalid: valid = false
        case .unknown(let reason): error = reason
        case .notAsked: break
        }
    }

    var text: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case loggedIn = "logged_in"
        case login
        case userID = "user_id"
        case clientID = "client_id"
        case scopes
        case valid
        case expiresIn = "expires_in"
        case validatedAt = "validated_at"
        case canRefresh = "can_refresh"
        case refusal
        case error
        case fingerprint
        case file
        case tokenServiceRunning = "token_service_running"
    }
}
