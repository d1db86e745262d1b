import Testing

@testable import twitch_simulator

@Suite struct CodeFlowTests {
    private static let redirect = "http://localhost:3000/callback"

    private static func url(_ running: RunningSimulator, _ fields: [String: String] = [:]) -> String {
        let all = [
            "response_type": "code", "client_id": "simulator-client", "redirect_uri": Self.redirect,
            "scope": "chat:read user:read:chat", "state": "s 1&2",
        ].merging(fields) { _, field in field }
        let query = all.map { "\($0.key)=\(FormFields.encode($0.value))" }.joined(separator: "&")
        return "\(running.endpoints.auth)/authorize?\(query)"
    }

    /// Opens the page and presses a button.
    private static func decide(_ running: RunningSimulator, _ decision: String, login: String = "harborlog")
        async throws
        -> Answer
    {
        let page = try await running.fetch(Self.url(running))
        try #require(page.status == 200)
        let consent = try #require(page.body.firstMatch(of: /name="consent" value="([a-z0-9]+)"/)?.1)
        return try await running.form(
            "\(running.endpoints.auth)/authorize",
            ["consent": String(consent), "decision": decision, "login": login]
        )
    }

    private static func exchange(_ code: String?) -> [String: String] {
        ["grant_type": "authorization_code", "code": code ?? "", "redirect_uri": Self.redirect]
    }

    @Test func `the page names the application and what it asks for`() async throws {
        try await withSimulator { running in
            let page = try await running.fetch(Self.url(running))
            #expect(page.header("content-type") == "text/html; charset=utf-8")
            for text in ["simulator-client", "chat:read", "user:read:chat", ">Approve<", ">Deny<", "harborlog"] {
                #expect(page.body.contains(text))
            }
        }
    }

    @Test func `approval brings a code for one use, and tokens of whoever approved`() async throws {
        try await withSimulator { running in
            let answer = try await Self.decide(running, "approve", login: "otherlog")
            #expect(answer.status == 302)
            #expect(answer.header("location")?.hasPrefix("\(Self.redirect)?code=") == true)
            #expect(answer.redirect["scope"] == "chat:read user:read:chat")
            #expect(answer.redirect["state"] == "s 1&2")
            let code = answer.redirect["code"]
            let tokens = try await running.grant(App.confidential, Self.exchange(code))
            #expect(tokens.scope == ["chat:read", "user:read:chat"])
            #expect(tokens.expiresIn == 14_400 && tokens.tokenType == "bearer" && tokens.refreshToken != nil)
            #expect(try await running.validate(tokens.accessToken).body.contains(#""login":"otherlog""#))
            let again = try await running.token(App.confidential, Self.exchange(code))
            #expect(again.status == 400)
            #expect(again.body == #"{"message":"Invalid authorization code","status":400}"#)
        }
    }

    @Test func `denial comes back with the state and no code`() async throws {
        try await withSimulator { running in
            let answer = try await Self.decide(running, "deny")
            let expected = "error=access_denied&error_description=The+user+denied+you+access&state=s+1%262"
            #expect(answer.header("location") == "\(Self.redirect)?\(expected)")
        }
    }

    @Test func `a page decides once`() async throws {
        try await withSimulator { running in
            let page = try await running.fetch(Self.url(running))
            let consent = try #require(page.body.firstMatch(of: /name="consent" value="([a-z0-9]+)"/)?.1)
            let form = ["consent": String(consent), "decision": "approve", "login": "harborlog"]
            #expect(try await running.form("\(running.endpoints.auth)/authorize", form).status == 302)
            #expect(try await running.form("\(running.endpoints.auth)/authorize", form).status == 400)
        }
    }

    @Test func `a code is short-lived, bound to its client and to its redirect URI`() async throws {
        let time = ManualTime()
        let clients = ["simulator-client=simulator-secret", "second=2"].compactMap(RegisteredClient.init)
        try await withSimulator(silent { $0.oauth.clients = clients }, clock: time.clock) { running in
            let code = try await Self.decide(running, "approve").redirect["code"]
            var other = Self.exchange(code)
            other["redirect_uri"] = "http://localhost:3001/callback"
            #expect(try await running.token(App.confidential, other).body.contains("does not match registered URI"))
            let stranger = ["client_id": "second", "client_secret": "2"]
            #expect(try await running.token(stranger, Self.exchange(code)).body.contains("Invalid authorization code"))
            time.advance(seconds: 61)
            #expect(try await running.token(App.confidential, Self.exchange(code)).status == 400)
        }
    }

    @Test(arguments: [
        (["client_id": ""], 400, "missing client id"),
        (["client_id": "nobody"], 400, "invalid client"),
        (["client_id": "simulator-public"], 400, "public clients can use the device code flow only"),
        (["redirect_uri": "http://localhost:3000/callback/"], 400, "redirect_mismatch"),
        (["redirect_uri": "http://localhost/callback"], 400, "redirect_mismatch"),
        (["redirect_uri": "https://localhost:3000/callback"], 400, "redirect_mismatch"),
        (["redirect_uri": "http://evil.example/callback"], 400, "redirect_mismatch"),
    ])
    func `a wrong request stays on Twitch's side`(_ fields: [String: String], _ status: UInt, _ text: String)
        async throws
    {
        try await withSimulator { running in
            let answer = try await running.fetch(Self.url(running, fields))
            #expect(answer.status == status)
            #expect(answer.body.contains(text))
        }
    }

    @Test(arguments: [
        (["response_type": "token"], "unsupported_response_type"), (["scope": "chat:read;x"], "invalid_scope"),
    ])
    func `what the application got wrong comes back to it`(_ fields: [String: String], _ error: String) async throws {
        try await withSimulator { running in
            let answer = try await running.fetch(Self.url(running, fields))
            #expect(answer.status == 302)
            #expect(answer.redirect["error"] == error)
            #expect(answer.redirect["state"] == "s 1&2")
        }
    }

    @Test func `registered redirect URIs are the only ones`() async throws {
        let uris = RedirectURIs(registered: ["https://example.org/back"])
        try await withSimulator(silent { $0.oauth.redirectURIs = uris }) { running in
            let refused = try await running.fetch(Self.url(running))
            #expect(refused.status == 400)
            let page = try await running.fetch(Self.url(running, ["redirect_uri": "https://example.org/back"]))
            #expect(page.status == 200)
        }
    }
}
