import ServiceRuntime
import Testing

@testable import TwitchAPI

@Suite struct OAuthClientTests {
    private static let grant = """
        {"access_token":"new-access","expires_in":14124,"refresh_token":"new-refresh","scope":["chat:read"],\
        "token_type":"bearer"}
        """

    @Test func `a refresh sends a form with the secret and gives the new pair`() async throws {
        try await ScriptedServer.with([.respond(200, Self.grant)]) { client, server in
            let grant = try await client.refresh(Secret("old+refresh/token"))
            #expect(grant.accessToken.reveal() == "new-access")
            #expect(grant.refreshToken?.reveal() == "new-refresh")
            #expect(grant.expiresIn == .seconds(14124))
            #expect(grant.scopes == ["chat:read"])
            let request = try #require(server.requests.first)
            #expect(request.hasPrefix("POST /oauth2/token HTTP/1.1\r\n"))
            #expect(request.lowercased().contains("content-type: application/x-www-form-urlencoded"))
            let body = try #require(request.split(separator: "\r\n\r\n").last)
            #expect(
                body == "client_id=our-client&grant_type=refresh_token&client_secret=hunter2secret"
                    + "&refresh_token=old%2Brefresh%2Ftoken"
            )
        }
    }

    @Test func `a public client sends no secret`() async throws {
        try await ScriptedServer.with([.respond(200, Self.grant)], secret: nil) { client, server in
            _ = try await client.refresh(Secret("old"))
            #expect(server.requests.first?.contains("client_secret") == false)
        }
    }

    @Test(arguments: [
        (400, #"{"status":400,"message":"Invalid refresh token"}"#, OAuthError.Code.refused, false),
        (400, #"{"error":"Bad Request","status":400,"message":"Invalid refresh token"}"#, .refused, false),
        (400, #"{"error":"invalid_grant","error_description":"gone"}"#, .refused, false),
        (400, #"{"error":"invalid_grant","error_description":"the client id is fine"}"#, .refused, false),
        (400, #"{"error":"invalid_request","message":"missing client secret"}"#, .clientRefused, false),
        // The words that are looked for hold a secret, which is blotted out in what people see.
        (400, #"{"status":400,"message":"Invalid refresh spent-token token"}"#, .transient, false),
        (400, #"{"status":400,"message":"Invalid grant: hunter2secret"}"#, .refused, false),
        (400, #"{"error":"invalid_grant"}"#, .refused, false),
        (401, #"{"status":401,"message":"whatever"}"#, .refused, false),
        (400, #"{"status":400,"message":"missing client secret"}"#, .clientRefused, false),
        (403, #"{"status":403,"message":"invalid client secret"}"#, .clientRefused, false),
        (400, #"{"status":400,"message":"invalid client"}"#, .clientRefused, false),
        (429, "", .transient, false),
        (500, "<html>oops</html>", .transient, false),
        (503, "", .transient, false),
        (502, "<html>bad gateway</html>", .transient, true),
        (504, "", .transient, true),
        (302, "", .transient, false),
        (200, "{}", .transient, true),
        (200, "not json", .transient, true),
    ])
    func `a refresh that is not granted is sorted`(
        status: Int,
        body: String,
        code: OAuthError.Code,
        isAmbiguous: Bool
    ) async throws {
        try await ScriptedServer.with([.respond(status, body)]) { client, _ in
            let error = await #expect(throws: OAuthError.self) { try await client.refresh(Secret("spent-token")) }
            #expect(error?.code == code)
            #expect(error?.isAmbiguous == isAmbiguous)
            #expect(error?.status == status)
        }
    }

    @Test func `an answer that never comes is ambiguous`() async throws {
        for answer in [ScriptedServer.Answer.close, .silence, .trickle] {
            try await ScriptedServer.with([answer], patience: .seconds(1)) { client, _ in
                let error = await #expect(throws: OAuthError.self) { try await client.refresh(Secret("r")) }
                #expect(error?.code == .transient)
                #expect(error?.isAmbiguous == true)
            }
        }
    }

    @Test func `a server that is not there has certainly not been asked`() async throws {
        let gone = try await ScriptedServer.with([]) { client, _ in client.baseURL }
        try await ScriptedServer.with([]) { client, _ in
            let other = OAuthClient(http: client.http, baseURL: gone, clientID: "our-client", clientSecret: nil)
            let error = await #expect(throws: OAuthError.self) { try await other.refresh(Secret("r")) }
            #expect(error?.isAmbiguous == false)
            #expect(error?.isRetriable == true)
            #expect(error?.message.contains("connection refused") == true)
        }
    }

    @Test func `an answer beyond 64 KiB is not read`() async throws {
        let long = String(repeating: "x", count: 70_000)
        try await ScriptedServer.with([.respond(200, long)]) { client, _ in
            let error = await #expect(throws: OAuthError.self) { try await client.validate(Secret("a")) }
            #expect(error?.isRetriable == true)
        }
    }

    @Test func `no secret that a server repeats gets into the error`() async throws {
        let body = #"{"status":400,"message":"bad hunter2secret and spent-token\u0007\nx"}"#
        try await ScriptedServer.with([.respond(400, body)]) { client, _ in
            let error = await #expect(throws: OAuthError.self) { try await client.refresh(Secret("spent-token")) }
            let text = "\(try #require(error))"
            #expect(!text.contains("hunter2secret"))
            #expect(!text.contains("spent-token"))
            #expect(!text.contains("\n"))
            #expect(text.contains("answered 400: bad"))
        }
    }

    @Test func `validation reads a user and an app token`() async throws {
        let user = """
            {"client_id":"our-client","login":"harborlog","scopes":["chat:read"],"user_id":"700100100","expires_in":5520838}
            """
        let app = #"{"client_id":"our-client","scopes":null,"expires_in":10}"#
        try await ScriptedServer.with([.respond(200, user), .respond(200, app)]) { client, server in
            let first = try await client.validate(Secret("the-token"))
            #expect(first.login == "harborlog")
            #expect(first.userID == "700100100")
            #expect(first.scopes == ["chat:read"])
            #expect(first.expiresIn == .seconds(5_520_838))
            let second = try await client.validate(Secret("the-token"))
            #expect(second.login == nil)
            #expect(second.scopes == [])
            let request = try #require(server.requests.first)
            #expect(request.hasPrefix("GET /oauth2/validate HTTP/1.1\r\n"))
            #expect(request.lowercased().contains("authorization: oauth the-token"))
        }
    }

    @Test func `only a 401 makes a token invalid`() async throws {
        let script: [ScriptedServer.Answer] = [
            .respond(401, #"{"status":401,"message":"invalid access token"}"#), .respond(403, ""),
        ]
        try await ScriptedServer.with(script) { client, _ in
            let first = await #expect(throws: OAuthError.self) { try await client.validate(Secret("a")) }
            #expect(first?.code == .invalidToken)
            let second = await #expect(throws: OAuthError.self) { try await client.validate(Secret("a")) }
            #expect(second?.code == .transient)
        }
    }

    @Test func `client credentials are asked for with the secret in the body`() async throws {
        let body = #"{"access_token":"app","expires_in":5011271,"token_type":"bearer"}"#
        let script: [ScriptedServer.Answer] = [
            .respond(200, body), .respond(403, #"{"status":403,"message":"invalid client secret"}"#),
        ]
        try await ScriptedServer.with(script) { client, server in
            let grant = try await client.clientCredentials()
            #expect(grant.accessToken.reveal() == "app")
            #expect(grant.refreshToken == nil)
            #expect(grant.scopes == [])
            let request = try #require(server.requests.first)
            #expect(request.hasSuffix("client_id=our-client&grant_type=client_credentials&client_secret=hunter2secret"))
            let error = await #expect(throws: OAuthError.self) { try await client.clientCredentials() }
            #expect(error?.code == .clientRefused)
        }
    }

    @Test func `a code is exchanged once, and a refused one is final`() async throws {
        let script: [ScriptedServer.Answer] = [
            .respond(200, Self.grant), .respond(400, #"{"status":400,"message":"Invalid authorization code"}"#),
        ]
        try await ScriptedServer.with(script) { client, server in
            _ = try await client.exchange(code: Secret("the-code"), redirectURI: "http://localhost:3000/callback")
            let request = try #require(server.requests.first)
            #expect(request.contains("code=the-code&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcallback"))
            let error = await #expect(throws: OAuthError.self) {
                try await client.exchange(code: Secret("the-code"), redirectURI: "http://localhost:3000/callback")
            }
            #expect(error?.code == .refused)
        }
    }

    @Test func `the authorize page's address holds no secret`() async throws {
        try await ScriptedServer.with([]) { client, _ in
            let url = client.authorizeURL(
                redirectURI: "http://localhost:3000/callback",
                scopes: ["chat:read", "user:read:chat"],
                state: "abc",
                forceVerify: true
            )
            #expect(
                url == "\(client.baseURL)/authorize?response_type=code&client_id=our-client"
                    + "&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcallback"
                    + "&scope=chat%3Aread%20user%3Aread%3Achat&state=abc&force_verify=true"
            )
        }
    }

    @Test func `revoking a dead token says so`() async throws {
        let script: [ScriptedServer.Answer] = [
            .respond(200, ""), .respond(400, #"{"status":400,"message":"Invalid token"}"#),
            .respond(404, #"{"status":404,"message":"client does not exist"}"#),
        ]
        try await ScriptedServer.with(script) { client, server in
            try await client.revoke(Secret("t"))
            #expect(server.requests.first?.hasSuffix("client_id=our-client&token=t") == true)
            let dead = await #expect(throws: OAuthError.self) { try await client.revoke(Secret("t")) }
            #expect(dead?.code == .invalidToken)
            let unknown = await #expect(throws: OAuthError.self) { try await client.revoke(Secret("t")) }
            #expect(unknown?.code == .clientRefused)
        }
    }
}
