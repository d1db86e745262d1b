/// Why an OAuth request did not give what was asked for.
package struct OAuthError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure it is; what a program decides upon.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// The access token is not, or no longer, valid.
        case invalidToken = "invalid_token"
        /// The grant is refused for good: a person has to log in again.
        case refused
        /// The client id or its secret is refused: the settings are wrong.
        case clientRefused = "client_refused"
        /// Device code: the person has not answered yet; poll on.
        case pending = "authorization_pending"
        /// Device code: poll more slowly, by 5 s (RFC 8628 §3.5).
        case slowDown = "slow_down"
        /// Device code: used, unknown or too old; start over.
        case expired
        /// The person said no.
        case denied = "access_denied"
        /// Network, timeout, 429, 5xx or an answer that makes no sense: worth another try.
        case transient
    }

    /// What kind of failure it is.
    package var code: Code
    /// One line for a person and for logs, without secrets.
    package var message: String
    /// The HTTP status; nil when there was no answer.
    package var status: Int?
    /// The request may have been carried out although no usable answer came: a refresh token may be spent.
    package var isAmbiguous: Bool
    /// How long the server asks to be left alone (`Retry-After`), an hour at most; nil when it does not say.
    package var retryAfter: Duration?

    /// A failure; `message` must be safe to log.
    package init(
        _ code: Code,
        _ message: String,
        status: Int? = nil,
        isAmbiguous: Bool = false,
        retryAfter: Duration? = nil
    ) {
        self.code = code
        self.message = message
        self.status = status
        self.isAmbiguous = isAmbiguous
        self.retryAfter = retryAfter
    }

    /// The same request may succeed later.
    package var isRetriable: Bool {
        switch self.code {
        case .transient, .pending, .slowDown: true
        case .invalidToken, .refused, .clientRefused, .expired, .denied: false
        }
    }

    /// The same request will fail for ever.
    package var isPermanent: Bool { !self.isRetriable }

    /// The message.
    package var description: String { self.message }
}
