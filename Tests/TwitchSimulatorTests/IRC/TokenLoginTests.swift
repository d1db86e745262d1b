import TestSupport
import Testing

@testable import twitch_simulator

@Suite struct TokenLoginTests {
    /// What the server says first to such a login.
    private static func answer(_ running: RunningSimulator, _ token: String, _ nick: String) async throws -> String {
        try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
            try await client.send("PASS oauth:\(token)", "NICK \(nick)")
            return try await client.wait("an answer") { !$0.lines.isEmpty }.lines[0]
        }
    }

    private static let refusal = ":tmi.twitch.tv NOTICE * :Login authentication failed"

    @Test func `an issued token lets its own login in, and nobody else`() async throws {
        try await withSimulator { running in
            let token = try await running.approved("harborlog").accessToken
            #expect(try await Self.answer(running, token, "harborlog").contains(" 001 harborlog "))
            #expect(try await Self.answer(running, token, "otherlog") == Self.refusal)
            #expect(try await Self.answer(running, "nonsense", "harborlog") == Self.refusal)
        }
    }

    @Test func `an expired token, a revoked one, an app token and one without chat-read fail`() async throws {
        try await withSimulator { running in
            let expired = try await running.approved("harborlog")
            _ = try await running.post("oauth/expire", #"{"login":"harborlog"}"#)
            let noScope = try await running.approved("harborlog", scopes: #"["user:read:chat"]"#)
            let revoked = try await running.approved("otherlog")
            _ = try await running.post("oauth/revoke", #"{"login":"otherlog"}"#)
            let app = try await running.grant(App.confidential, ["grant_type": "client_credentials"])
            for (token, nick) in [
                (expired.accessToken, "harborlog"), (noScope.accessToken, "harborlog"),
                (revoked.accessToken, "otherlog"), (app.accessToken, "harborlog"),
            ] {
                #expect(try await Self.answer(running, token, nick) == Self.refusal)
            }
        }
    }

    @Test func `strictness refuses any token from the start`() async throws {
        try await withSimulator(silent { $0.oauth.strictTokens = true }) { running in
            let answer = try await Self.answer(running, "nonsense", "harborlog")
            #expect(answer == Self.refusal)
        }
    }

    @Test func `accounts stay good beside issued tokens`() async throws {
        try await withSimulator(silent { $0.login.accounts = ["t1": "first"] }) { running in
            let token = try await running.approved("harborlog").accessToken
            #expect(try await Self.answer(running, "t1", "first").contains(" 001 first "))
            #expect(try await Self.answer(running, token, "harborlog").contains(" 001 harborlog "))
            #expect(try await Self.answer(running, "t2", "second") == Self.refusal)
        }
    }
}
