import FoundationEssentials
package import ServiceRuntime

/// `TWITCH_API_URL`, checked: the base to which `/users`, `/streams` and `/channels` are appended.
package struct HelixEndpoint: Hashable, Sendable {
    package static let twitch = "https://api.twitch.tv/helix"

    /// Without a slash at the end.
    package var url: String
    /// Whether tokens would travel readable to another machine.
    package var isExposed: Bool

    /// Reads `TWITCH_API_URL`; any server that speaks Helix will do.
    package init(_ settings: Settings) throws {
        try self.init(settings.string("TWITCH_API_URL", default: Self.twitch))
    }

    package init(_ text: String) throws {
        let parts = URLComponents(string: text)
        // A password inside the URL must not be repeated.
        guard parts?.user == nil, parts?.password == nil, !text.contains("@") else {
            throw ConfigurationError("TWITCH_API_URL must not hold a user or a password")
        }
        guard let parts, let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme),
            let host = parts.host, !host.isEmpty, parts.query == nil, parts.fragment == nil
        else {
            throw ConfigurationError(
                "TWITCH_API_URL is '\(text)', which cannot be used; expected https://host/path, such as \(Self.twitch)"
            )
        }
        url = text.hasSuffix("/") ? String(text.dropLast()) : text
        let isLocal = host == "localhost" || host.hasPrefix("127.") || host == "::1" || host == "[::1]"
        isExposed = scheme == "http" && !isLocal
    }
}
