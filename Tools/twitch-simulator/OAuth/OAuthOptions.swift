import ArgumentParser

/// The part of the command line about tokens.
struct OAuthOptions: ParsableArguments {
    @Option(help: "ID=SECRET (confidential) or ID (public): an OAuth client; may be repeated. Default: one of each.")
    var client: [String] = []
    @Option(help: "A redirect URI, compared exactly; may be repeated. Default: http://localhost:<port>/callback.")
    var redirect: [String] = []
    @Option(help: "The login that the consent page proposes.")
    var person = "harborlog"
    @Option(help: "Seconds a user access token lasts.")
    var tokenLifetime = 14_400
    @Option(help: "Seconds an app access token lasts.")
    var appTokenLifetime = 5_011_271
    @Option(help: "Seconds a public client's refresh token lasts.")
    var refreshTokenLifetime = 2_592_000
    @Option(help: "Seconds a device code lasts.")
    var deviceLifetime = 1800
    @Option(help: "Seconds between a device's polls.")
    var deviceInterval = 5
    @Flag(help: "Give confidential clients a new refresh token with each refresh.")
    var rotateRefreshTokens = false
    @Flag(help: "IRC takes no token but --account's and those issued over OAuth.")
    var strictTokens = false

    mutating func validate() throws {
        for client in self.client where RegisteredClient(client) == nil {
            throw ValidationError("--client is ID or ID=SECRET")
        }
        guard Login.isValid(self.person) else {
            throw ValidationError("--person: '\(self.person)' is no login (1 to 25 of a-z, 0-9, _)")
        }
        for (option, seconds) in [
            ("--token-lifetime", self.tokenLifetime), ("--app-token-lifetime", self.appTokenLifetime),
            ("--refresh-token-lifetime", self.refreshTokenLifetime), ("--device-lifetime", self.deviceLifetime),
            ("--device-interval", self.deviceInterval),
        ] where seconds < 1 {
            throw ValidationError("\(option) is 1 or more")
        }
    }

    func apply(to settings: inout SimulatorSettings.OAuth) {
        if !self.client.isEmpty { settings.clients = self.client.compactMap(RegisteredClient.init) }
        settings.redirectURIs.registered = self.redirect
        settings.person = self.person
        settings.strictTokens = self.strictTokens
        settings.tokenLifetime = self.tokenLifetime
        settings.appTokenLifetime = self.appTokenLifetime
        settings.publicRefreshTokenLifetime = self.refreshTokenLifetime
        settings.deviceLifetime = self.deviceLifetime
        settings.deviceInterval = self.deviceInterval
        settings.rotatesRefreshTokens = self.rotateRefreshTokens
    }
}
