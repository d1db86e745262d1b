import Testing

@testable import TwitchChat

@Suite struct WebSocketEndpointTests {
    @Test(arguments: [
        ("wss://irc-ws.chat.twitch.tv:443", "irc-ws.chat.twitch.tv", 443, "/", "irc-ws.chat.twitch.tv"),
        ("wss://irc-ws.chat.twitch.tv", "irc-ws.chat.twitch.tv", 443, "/", "irc-ws.chat.twitch.tv"),
        ("WSS://example.org:8443/chat?x=1", "example.org", 8443, "/chat?x=1", "example.org:8443"),
        ("ws://127.0.0.1:8080", "127.0.0.1", 8080, "/", "127.0.0.1:8080"),
        ("ws://localhost", "localhost", 80, "/", "localhost"),
        ("ws://[::1]:9000/irc", "::1", 9000, "/irc", "[::1]:9000"),
    ])
    func `URLs are taken apart`(url: String, host: String, port: Int, path: String, header: String) throws {
        let endpoint = try WebSocketEndpoint(url)
        #expect(endpoint.host == host)
        #expect(endpoint.port == port)
        #expect(endpoint.path == path)
        #expect(endpoint.hostHeader == header)
        #expect(endpoint.isSecure == url.lowercased().hasPrefix("wss"))
    }

    @Test(arguments: [
        "", "irc.example.org", "http://example.org", "wss://", "wss://:443", "wss://host:0", "wss://host:99999",
        "wss://host:port", "wss://ho st", "wss://host/a b", "wss://[::1", "wss://::1", "wss://[host]", "wss://host/#x",
    ])
    func `what is no WebSocket URL is refused`(url: String) {
        #expect(throws: WebSocketEndpoint.Refusal.malformed) { try WebSocketEndpoint(url) }
    }

    @Test(arguments: [
        "ws://irc-ws.chat.twitch.tv:80", "ws://10.0.0.1", "ws://127.0.0.1.example.org", "ws://localhost.example.org",
        "ws://1270.0.0.1", "ws://[2001:db8::1]",
    ])
    func `plain text leaves this machine never`(url: String) {
        #expect(throws: WebSocketEndpoint.Refusal.plainTextOverNetwork) { try WebSocketEndpoint(url) }
    }

    @Test func `credentials in a URL are refused`() {
        #expect(throws: WebSocketEndpoint.Refusal.credentials) { try WebSocketEndpoint("wss://me:secret@example.org") }
    }
}
