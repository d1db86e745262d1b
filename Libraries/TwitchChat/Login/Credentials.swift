package import ServiceRuntime

/// Who a connection says it is.
package enum Credentials: Hashable, Sendable {
    /// `justinfan<digits>`: reads everything, needs no account. Each such name is an identity of its own.
    case anonymous(nick: String)
    /// A user access token with `chat:read`, and the lowercase login that it belongs to.
    case account(login: String, token: Secret)

    /// An anonymous identity that no other connection is likely to use. Five digits, as every known client sends.
    package static func randomAnonymous() -> Credentials {
        .anonymous(nick: "justinfan\(Int.random(in: 10_000...99_999))")
    }

    /// The name that Twitch knows the connection by, and that its rate limits are counted for.
    package var nick: String {
        switch self {
        case .anonymous(let nick): nick
        case .account(let login, _): login
        }
    }

    /// Whether there is an account behind it.
    package var isAccount: Bool {
        if case .account = self { true } else { false }
    }
}
