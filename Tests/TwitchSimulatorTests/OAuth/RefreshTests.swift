import Testing

@testable import twitch_simulator

@Suite struct RefreshTests {
    private static let refusal = #"{"error":"Bad Request","message":"Invalid refresh token","status":400}"#

    private static func fields(_ token: String?) -> [String: String] {
        ["grant_type": "refresh_token", "refresh_token": token ?? ""]
    }

    @Test func `a confidential client's refresh token stays, and older access tokens live on`() async throws {
        try await withSimulator { running in
            let first = try await running.approved("harborlog")
            let second = try await running.refresh(App.confidential, first.refreshToken)
            #expect(second.refreshToken == first.refreshToken)
            #expect(second.accessToken != first.accessToken)
            #expect(second.scope == ["chat:read"])
            for token in [first.accessToken, second.accessToken] {
                #expect(try await running.validate(token).status == 200)
            }
        }
    }

    @Test func `a rotated refresh token of a confidential client is spent, without further harm`() async throws {
        try await withSimulator(silent { $0.oauth.rotatesRefreshTokens = true }) { running in
            let first = try await running.approved("harborlog")
            let second = try await running.refresh(App.confidential, first.refreshToken)
            #expect(second.refreshToken != first.refreshToken)
            #expect(try await running.token(App.confidential, Self.fields(first.refreshToken)).body == Self.refusal)
            #expect(try await running.auditEntries().last?.spentRefresh == true)
            #expect(try await running.validate(second.accessToken).status == 200)
            _ = try await running.refresh(App.confidential, second.refreshToken)
        }
    }

    @Test(arguments: [
        ([:], 400, "missing client id"),
        (["client_id": "nobody"], 400, "invalid client"),
        (["client_id": "simulator-client"], 400, "missing client secret"),
        (["client_id": "simulator-client", "client_secret": "wrong"], 403, "invalid client secret"),
        (["client_id": "simulator-public"], 400, "Invalid refresh token"),
    ])
    func `a client that does not identify itself gets nothing`(_ app: [String: String], _ status: UInt, _ text: String)
        async throws
    {
        try await withSimulator { running in
            let tokens = try await running.approved("harborlog")
            let answer = try await running.token(app, Self.fields(tokens.refreshToken))
            #expect(answer.status == status)
            #expect(answer.body.contains(#""message":"\#(text)""#) && answer.body.contains(#""status":\#(status)"#))
        }
    }

    @Test func `a public client's refresh replaces both tokens`() async throws {
        try await withSimulator { running in
            let first = try await running.approved("harborlog", client: "simulator-public")
            let second = try await running.refresh(App.public, first.refreshToken)
            #expect(second.refreshToken != first.refreshToken)
            #expect(try await running.validate(first.accessToken).status == 401)
            #expect(try await running.validate(second.accessToken).status == 200)
            #expect(try await running.auditEntries().allSatisfy { !$0.spentRefresh })
        }
    }

    @Test func `a spent refresh token of a public client cuts the whole connection`() async throws {
        try await withSimulator { running in
            let first = try await running.approved("harborlog", client: "simulator-public")
            let elsewhere = try await running.approved("harborlog", client: "simulator-public")
            let other = try await running.approved("otherlog", client: "simulator-public")
            let second = try await running.refresh(App.public, first.refreshToken)
            #expect(try await running.token(App.public, Self.fields(first.refreshToken)).body == Self.refusal)
            let entry = try #require(try await running.auditEntries().last)
            #expect(entry.spentRefresh && entry.login == "harborlog" && entry.status == 400)
            for token in [second.accessToken, elsewhere.accessToken] {
                #expect(try await running.validate(token).status == 401)
            }
            #expect(try await running.token(App.public, Self.fields(second.refreshToken)).body == Self.refusal)
            #expect(try await running.auditEntries().last?.spentRefresh == false)
            #expect(try await running.validate(other.accessToken).status == 200)
        }
    }

    @Test func `access tokens and public refresh tokens expire`() async throws {
        let time = ManualTime()
        try await withSimulator(clock: time.clock) { running in
            let tokens = try await running.approved("harborlog", client: "simulator-public")
            time.advance(seconds: 14_399)
            #expect(try await running.validate(tokens.accessToken).body.contains(#""expires_in":1,"#))
            time.advance(seconds: 1)
            #expect(try await running.validate(tokens.accessToken).status == 401)
            let next = try await running.refresh(App.public, tokens.refreshToken)
            time.advance(seconds: 30 * 86_400)
            #expect(try await running.token(App.public, Self.fields(next.refreshToken)).body == Self.refusal)
        }
    }

    @Test func `the dead are forgotten when they are many, the living never`() {
        var server = AuthorizationServer(SimulatorSettings.OAuth())
        let client = RegisteredClient(id: "p", secret: nil)
        let living = server.issue(client, user: "1", scopes: nil, at: 0)
        for _ in 2...AuthorizationServer.remembered { _ = server.issue(client, user: "2", scopes: nil, at: 0) }
        _ = server.disconnect(client: client.id, user: "2", at: 0)
        let last = server.issue(client, user: "3", scopes: nil, at: 0)
        #expect(server.accessTokens.count <= 2 && server.refreshTokens.count <= 2)
        #expect(server.live(last.accessToken, at: 0) != nil && server.live(living.accessToken, at: 0) != nil)
    }

    @Test func `a refresh token stands for 50 access tokens at most`() {
        var server = AuthorizationServer(SimulatorSettings.OAuth())
        let client = server.settings.clients[0]
        let first = server.issue(client, user: "1", scopes: ["chat:read"], at: 0)
        var tokens = [first.accessToken]
        for _ in 1...50 {
            let next = server.renew(first.refreshToken ?? "", user: "1", client: client.id, scopes: nil, at: 0)
            tokens.append(next.accessToken)
        }
        #expect(tokens.map { server.live($0, at: 0) != nil } == [false] + Array(repeating: true, count: 50))
    }
}
