import ServiceRuntime
import Testing
import TwitchAPI

@Suite struct HelixEndpointTests {
    @Test(arguments: [
        ("https://api.twitch.tv/helix/", "https://api.twitch.tv/helix", false),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080", false),
        ("http://localhost:1/x", "http://localhost:1/x", false),
        ("http://mock:8080/helix", "http://mock:8080/helix", true),
    ])
    func `any http server will do`(text: String, url: String, isExposed: Bool) throws {
        let endpoint = try HelixEndpoint(text)
        #expect(endpoint.url == url)
        #expect(endpoint.isExposed == isExposed)
    }

    @Test(arguments: ["api.twitch.tv", "ftp://a/b", "https://", "https://a/b?c=d", "", "http://[::1"])
    func `what is no base is refused in one line`(text: String) {
        let error = #expect(throws: ConfigurationError.self) { try HelixEndpoint(text) }
        #expect(error?.description.contains("TWITCH_API_URL") == true)
    }

    @Test func `a password is not repeated`() {
        let error = #expect(throws: ConfigurationError.self) { try HelixEndpoint("https://me:hunter2@host/helix") }
        #expect(error?.description.contains("hunter2") == false)
    }
}
