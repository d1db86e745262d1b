extension SimulatorSettings {
    /// Who may ask for tokens, and how long they last.
    struct OAuth: Sendable {
        var clients = [
            RegisteredClient(id: "simulator-client", secret: "simulator-secret"),
            RegisteredClient(id: "simulator-public", secret: nil),
        ]
        var redirectURIs = RedirectURIs()
        /// The login of whoever sits in front of the browser, as the consent page proposes it.
        var person = "harborlog"
        /// IRC takes no token but those of `Login.accounts` and those issued.
        var strictTokens = false
        /// Seconds.
        var tokenLifetime = 14_400
        var appTokenLifetime = 5_011_271
        /// A public client's refresh token.
        var publicRefreshTokenLifetime = 2_592_000
        var codeLifetime = 60
        var deviceLifetime = 1800
        var deviceInterval = 5
        /// Give confidential clients a new refresh token with each refresh.
        var rotatesRefreshTokens = false
        /// Answer a device that polls too fast by `slow_down`, as RFC 8628 has it and Twitch does not.
        var slowsDown = false
    }
}
