extension Settings {
    /// The settings that a command in another terminal needs to look at the same things as this service, as far as they are
    /// set: what the run file keeps. Never a secret: a password is left out of `DATABASE_URL`.
    package func recorded(by service: String) throws -> [String: String] {
        var recorded: [String: String] = [:]
        for name in Self.recordedVariables {
            // An address with a user name or a password in it is refused elsewhere; here it is only not repeated.
            if let value = try self.string(name), !value.contains("@") { recorded[name] = value }
        }
        // Only who stores knows where.
        guard service == "writer" else { return recorded }
        if let path = self.secretFile("DATABASE_URL") {
            recorded["DATABASE_URL_FILE"] = path
        } else {
            recorded["DATABASE_URL"] = Self.withoutPassword(try self.databaseURL().reveal())
        }
        return recorded
    }

    private static let recordedVariables = [
        "BUS_ALLOW_PLAINTEXT", "BUS_KEYS_DIR", "CHANNELS", "CHANNELS_FILE", "IRC_GATEWAY_BUS", "STREAM_POLLER_BUS",
        "TOKEN_SERVICE_BUS", "TWITCH_API_URL", "TWITCH_AUTH_URL", "TWITCH_CLIENT_ID", "TWITCH_CLIENT_SECRET_FILE",
        "TWITCH_IRC_CA_FILE", "TWITCH_IRC_URL",
    ]

    /// A database URL without what stands between the user's name and `@`, and without its options, which may hold a password
    /// too; nil where it is no URL.
    static func withoutPassword(_ url: String) -> String? {
        guard let colon = url.firstIndex(of: ":"), url[colon...].hasPrefix("://") else { return nil }
        guard !url.hasPrefix("sqlite:") else { return url }
        let scheme = url[..<colon]
        let place = url[colon...].dropFirst(3).prefix { $0 != "?" && $0 != "#" }
        // A password may hold a slash that nobody has escaped: the last @ ends it.
        guard let at = place.lastIndex(of: "@") else { return "\(scheme)://\(place)" }
        let user = place[..<at].prefix { $0 != ":" }
        return "\(scheme)://\(user)\(place[at...])"
    }
}
