import Protocol
import TwitchChat

/// Where connections get their credentials from, asked anew for each connection.
protocol CredentialsSource: Sendable {
    /// What the next connection of a reader logs in with.
    func credentials(for reader: Int) async -> Credentials
    /// A reader's newest connection has ended. `loggedInFor` is nil when it never was logged in.
    func ended(_ credentials: Credentials, with end: ConnectionEnd, loggedInFor: Duration?) -> LoginOutcome
    /// A reader opens no further connections.
    func released(by reader: Int)
}

/// What follows from the end of a connection for the next one.
struct LoginOutcome: Hashable, Sendable {
    /// The next connection has another identity: nothing is gained by waiting.
    var isWorthTryingAtOnce = false
    /// What the token service has to hear.
    var rejection: TokenRejected?
}

/// Reading without an account.
struct AnonymousCredentials: CredentialsSource {
    func credentials(for reader: Int) async -> Credentials { .randomAnonymous() }

    func ended(_ credentials: Credentials, with end: ConnectionEnd, loggedInFor: Duration?) -> LoginOutcome {
        LoginOutcome()
    }

    func released(by reader: Int) {}
}
