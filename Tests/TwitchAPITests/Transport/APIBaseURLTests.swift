import Testing

@testable import TwitchAPI

@Suite struct APIBaseURLTests {
    @Test(arguments: [
        ("https://id.twitch.tv/oauth2", "https://id.twitch.tv/oauth2", "id.twitch.tv"),
        ("https://id.twitch.tv/oauth2//", "https://id.twitch.tv/oauth2", "id.twitch.tv"),
        ("http://127.0.0.1:8097/oauth2", "http://127.0.0.1:8097/oauth2", "127.0.0.1:8097"),
        ("http://localhost:8080", "http://localhost:8080", "localhost:8080"),
        ("http://[::1]:8080/auth", "http://[::1]:8080/auth", "[::1]:8080"),
    ])
    func `a base is kept without its last slash`(url: String, text: String, authority: String) throws {
        let base = try APIBaseURL(url)
        #expect(base.description == text)
        #expect(base.authority == authority)
    }

    @Test(arguments: [
        ("id.twitch.tv/oauth2", APIBaseURL.Refusal.malformed),
        ("ftp://id.twitch.tv", .malformed),
        ("https://", .malformed),
        ("https://id.twitch.tv/?a=b", .malformed),
        ("https://id twitch.tv/", .malformed),
        ("http://id.twitch.tv/oauth2", .plainTextOverNetwork),
        ("http://127.0.0.1.evil.example/", .plainTextOverNetwork),
        ("https://user:pass@id.twitch.tv/", .credentials),
    ])
    func `a base that secrets must not go to is refused`(url: String, refusal: APIBaseURL.Refusal) {
        #expect(throws: refusal) { try APIBaseURL(url) }
    }
}
