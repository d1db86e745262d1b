package import ServiceRuntime

/// What a request to Helix identifies itself with.
package struct HelixCredentials: Hashable, Sendable {
    /// Sent as `Client-Id`; the token must have been issued to it.
    package var clientID: String
    package var token: Secret
    /// `app` or `user`: Twitch counts their requests apart.
    package var kind: String

    package init(clientID: String, token: Secret, kind: String) {
        self.clientID = clientID
        self.token = token
        self.kind = kind
    }
}

/// Where the Helix client gets its token from, asked anew for each request.
package protocol AccessTokenSource: Sendable {
    /// The token to use now; nil when there is none.
    func credentials() async -> HelixCredentials?
    /// Twitch refused this token. `reason` is one line that is safe to log.
    func rejected(_ credentials: HelixCredentials, reason: String) async
    /// Waits until there is another token than this one; nil when none came in time.
    func replacement(of credentials: HelixCredentials, within limit: Duration) async -> HelixCredentials?
}
