package import ServiceRuntime

extension APIBaseURL {
    /// Where Twitch itself serves Helix.
    package static let twitchHelix = "https://api.twitch.tv/helix"

    /// `TWITCH_API_URL`: any server that speaks Helix; `/users`, `/streams` and `/channels` are appended.
    package static func helix(_ settings: Settings) throws -> APIBaseURL {
        let text = try settings.string("TWITCH_API_URL", default: twitchHelix)
        do throws(Refusal) {
            return try APIBaseURL(text)
        } catch {
            // A password inside the URL must not be repeated.
            guard error != .credentials else { throw ConfigurationError("TWITCH_API_URL: \(error.rawValue)") }
            throw settings.wrong("TWITCH_API_URL", text, error.rawValue.replacing("expected ", with: ""))
        }
    }
}
