import AsyncHTTPClient
import Testing

@testable import twitch_simulator

@Suite struct OAuthControlTests {
    private static let app = ["grant_type": "client_credentials"]

    @Test func `expiry kills the access token only, revocation everything`() async throws {
        try await withSimulator { running in
            let tokens = try await running.approved("harborlog")
            let other = try await running.approved("otherlog")
            let expired: ControlCount = try await running.call("oauth/expire", #"{"login":"harborlog"}"#)
            #expect(expired.count == 1)
            #expect(try await running.validate(tokens.accessToken).status == 401)
            let next = try await running.refresh(App.confidential, tokens.refreshToken)

            let body = #"{"access_token":"\#(next.accessToken)"}"#
            let revoked: ControlCount = try await running.call("oauth/revoke", body)
            #expect(revoked.count == 2)
            let fields = ["grant_type": "refresh_token", "refresh_token": tokens.refreshToken ?? ""]
            #expect(try await running.token(App.confidential, fields).status == 400)
            #expect(try await running.validate(other.accessToken).status == 200)
        }
    }

    @Test(arguments: [
        ("oauth/grant", #"{"login":"a"}"#, "the body lacks 'client_id'"),
        ("oauth/grant", #"{"client_id":"x","login":"a"}"#, "client_id: 'x' is not registered; see --client"),
        ("oauth/expire", "{}", "one of login, access_token and client_id is needed"),
        ("oauth/settings", #"{"token_lifetime_seconds":0}"#, "seconds must be 1 or more"),
        (
            "faults/oauth", #"{"endpoint":"x","status":500}"#,
            "endpoint: 'x' is none of authorize, token, validate, revoke, device"
        ),
        (
            "faults/oauth", "{}",
            "one of status, body, set, remove, insert, truncate, headers, content_type, delay_milliseconds and drop is needed"
        ),
    ])
    func `a wrong request is answered by one clear line`(_ path: String, _ body: String, _ error: String) async throws {
        try await withSimulator { running in
            let answer = try await running.post(path, body)
            #expect(answer.status == 400)
            #expect(try RunningSimulator.decode(answer.body) == ["error": error])
        }
    }

    @Test func `a status on request stands for the work, as often as told and for one grant only`() async throws {
        try await withSimulator { running in
            let tokens = try await running.approved("harborlog", client: "simulator-public")
            let fault = #"{"endpoint":"token","grant_type":"refresh_token","status":503,"count":2}"#
            _ = try await running.post("faults/oauth", fault)
            #expect(try await running.token(App.confidential, Self.app).status == 200)
            let fields = ["grant_type": "refresh_token", "refresh_token": tokens.refreshToken ?? ""]
            for _ in 1...2 {
                let answer = try await running.token(App.public, fields)
                #expect(answer.status == 503)
                #expect(answer.header("content-type")?.hasPrefix("text/html") == true)
            }
            // Nothing was spent.
            _ = try await running.refresh(App.public, tokens.refreshToken)
        }
    }

    @Test(arguments: [("before", 200), ("after", 400)])
    func `a cut connection leaves the refresh undone or done`(_ drop: String, _ status: UInt) async throws {
        try await withSimulator { running in
            let tokens = try await running.approved("harborlog", client: "simulator-public")
            _ = try await running.post("faults/oauth", #"{"endpoint":"token","drop":"\#(drop)"}"#)
            let fields = ["grant_type": "refresh_token", "refresh_token": tokens.refreshToken ?? ""]
            await #expect(throws: HTTPClientError.self) { try await running.token(App.public, fields) }
            // What the advice says: ask about the old access token.
            #expect(try await running.validate(tokens.accessToken).status == (status == 200 ? 200 : 401))
            #expect(try await running.token(App.public, fields).status == status)
            let entries = try await running.auditEntries().filter { $0.endpoint == "token" }
            #expect(entries.map(\.status) == [status == 200 ? 0 : 200, Int(status)])
            #expect(entries.map(\.isFault) == [true, false])
            #expect(entries.map(\.spentRefresh) == [false, status == 400])
        }
    }

    @Test func `a late answer tells of work done at once`() async throws {
        try await withSimulator { running in
            _ = try await running.post("faults/oauth", #"{"endpoint":"token","delay_milliseconds":200,"message":"x"}"#)
            let start = ContinuousClock.now
            #expect(try await running.token(App.confidential, Self.app).status == 200)
            #expect(ContinuousClock.now - start >= .milliseconds(200))
        }
    }

    @Test func `faults are cleared with all others`() async throws {
        try await withSimulator { running in
            _ = try await running.post("faults/oauth", #"{"status":401,"message":"invalid access token","count":9}"#)
            #expect(try await running.token(App.confidential, Self.app).body.contains("invalid access token"))
            _ = try await running.post("faults/clear")
            #expect(try await running.token(App.confidential, Self.app).status == 200)
        }
    }

    @Test func `the audit names tokens by their fingerprints`() async throws {
        try await withSimulator { running in
            let tokens = try await running.approved("harborlog")
            let next = try await running.refresh(App.confidential, tokens.refreshToken)
            _ = try await running.validate(next.accessToken)
            let text = try await running.get("oauth/audit").body
            for secret in [next.accessToken, tokens.refreshToken ?? "", "simulator-secret"] {
                #expect(!text.contains(secret))
            }
            let entries = try await running.auditEntries()
            #expect(entries.map(\.sequence) == [1, 2])
            #expect(entries.map(\.endpoint) == ["token", "validate"])
            #expect(entries.map(\.grantType) == ["refresh_token", nil])
            #expect(entries.map(\.login) == ["harborlog", "harborlog"])
            #expect(entries.map(\.clientID) == ["simulator-client", "simulator-client"])
            #expect(entries.map(\.fingerprint) == Array(repeating: TokenText.fingerprint(next.accessToken), count: 2))
            #expect(entries[0].refreshFingerprint == TokenText.fingerprint(tokens.refreshToken ?? ""))
            #expect(text.contains(#""spent_refresh":false"#) && text.contains(#""client_id":"simulator-client""#))
            #expect(try await running.auditEntries(after: 1).map(\.sequence) == [2])
        }
    }

    @Test func `a fingerprint is the start of the SHA-256`() {
        #expect(TokenText.fingerprint("abc") == "ba7816bf8f01cfea")
    }
}
