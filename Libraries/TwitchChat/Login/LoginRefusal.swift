/// The notices to `*` that end a login. They have no `msg-id`, so the text decides; its case has varied.
package enum LoginRefusal: String, Hashable, Sendable, CaseIterable {
    /// The token is invalid, expired, revoked, or lacks `chat:read`.
    case authenticationFailed = "authentication_failed"
    /// PASS is malformed. Ours never is but for the token in it.
    case malformed = "malformed"
    /// Seen when an account logs in or joins too often; other causes are unknown.
    case unsuccessful = "unsuccessful"
    /// The login is not acceptable, as after a rename.
    case invalidNick = "invalid_nick"
    /// Something on Twitch's side.
    case error = "error"

    /// Nil for a notice that refuses nothing.
    package init?(notice: String) {
        switch notice.lowercased() {
        case "login authentication failed": self = .authenticationFailed
        case "improperly formatted auth": self = .malformed
        case "login unsuccessful": self = .unsuccessful
        case "invalid nick": self = .invalidNick
        case "error logging in": self = .error
        default: return nil
        }
    }

    /// Whether it is the token that was refused. The other notices may mean a rate limit, a rename or an outage: a good
    /// token that is reported as bad would be refreshed for nothing.
    package var isAboutToken: Bool { self == .authenticationFailed || self == .malformed }
}
