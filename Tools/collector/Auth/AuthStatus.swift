import FoundationEssentials
import Protocol
import ServiceRuntime
import TokenStore
import TwitchAPI

/// How the login stands, from the token file and, where it was asked, from Twitch.
struct AuthStatus: Sendable {
    /// What Twitch said about the access token just now.
    enum Live: Hashable, Sendable {
        case valid(TokenValidation)
        case invalid
        /// One line that says why there is no answer.
        case unknown(String)
        case notAsked
    }

    var file: String
    var tokens: StoredTokens?
    var live: Live
    var now: Timestamp
    /// Process ids.
    var tokenServices: [Int32]
    /// A token waits in the environment or `.env` that was never imported.
    var hasUnimportedToken: Bool

    var user: StoredToken? { tokens?.user }

    /// Nobody has to log in again, as far as is known.
    var isLoggedIn: Bool {
        guard user != nil, tokens?.refusal == nil else { return false }
        return live != .invalid || canRefresh
    }

    var canRefresh: Bool { user?.refreshToken != nil && tokens?.refusal == nil }

    /// Seconds that the access token still lives; nil when nobody knows.
    var expiresIn: Int? {
        if live == .invalid { return 0 }
        if case .valid(let validation) = live { return validation.expiresIn.map { Int($0.components.seconds) } }
        return user?.expiresAt.map { max(0, Int(($0.rawValue - now.rawValue) / 1000)) }
    }

    /// EX_NOPERM when a person has to log in, EX_TEMPFAIL when Twitch could not be asked.
    var exitCode: Int32 {
        guard isLoggedIn else { return 77 }
        if case .unknown = live { return 75 }
        return 0
    }
}
