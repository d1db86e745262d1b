import Testing

@testable import twitch_simulator

@Suite struct ValidationTests {
    @Test(arguments: ["OAuth", "Bearer"])
    func `a user token is told whole`(_ prefix: String) async throws {
        try await withSimulator { running in
            let tokens = try await running.approved("harborlog", scopes: #"["chat:read","chat:edit"]"#)
            let answer = try await running.fetch(
                "\(running.endpoints.auth)/validate",
                headers: ["authorization": "\(prefix) \(tokens.accessToken)"]
            )
            let id = Login.userID(of: "harborlog")
            let left = answer.body.firstMatch(of: /"expires_in":(\d+)/)?.1 ?? ""
            #expect((14_000...14_400).contains(Int(left) ?? 0))
            let expected =
                #"{"client_id":"simulator-client","expires_in":\#(left),"login":"harborlog","#
                + #""scopes":["chat:read","chat:edit"],"user_id":"\#(id)"}"#
            #expect(answer.body == expected)
        }
    }

    @Test func `an app token has no login`() async throws {
        try await withSimulator { running in
            let token = try await running.grant(App.confidential, ["grant_type": "client_credentials"])
            #expect(token.refreshToken == nil && token.scope == nil && token.expiresIn == 5_011_271)
            let answer = try await running.validate(token.accessToken)
            #expect(answer.status == 200)
            #expect(!answer.body.contains("login") && !answer.body.contains("user_id"))
        }
    }

    @Test func `a public client gets no app token`() async throws {
        try await withSimulator { running in
            let fields = ["grant_type": "client_credentials"]
            #expect(try await running.token(App.public, fields).body.contains("missing client secret"))
            let answer = try await running.token(App.public, fields.merging(["client_secret": "x"]) { $1 })
            #expect(answer.status == 403)
        }
    }

    @Test(arguments: [
        (nil, "missing authorization token"), ("nonsense", "missing authorization token"),
        ("OAuth ", "missing authorization token"), ("OAuth nonsense", "invalid access token"),
    ])
    func `without a good token there is nothing to tell`(_ header: String?, _ message: String) async throws {
        try await withSimulator { running in
            let answer = try await running.fetch(
                "\(running.endpoints.auth)/validate",
                headers: header.map { ["authorization": $0] } ?? [:]
            )
            #expect(answer.status == 401)
            #expect(answer.body == #"{"message":"\#(message)","status":401}"#)
        }
    }

    @Test func `a token is revoked by its own client, once`() async throws {
        try await withSimulator { running in
            let token = try await running.approved("harborlog").accessToken
            let url = "\(running.endpoints.auth)/revoke"
            let unknown = try await running.form(url, ["client_id": "nobody", "token": token])
            #expect(unknown.status == 404)
            #expect(unknown.body == #"{"message":"client does not exist","status":404}"#)
            #expect(try await running.form(url, ["client_id": "simulator-public", "token": token]).status == 400)
            let done = try await running.form(url, ["client_id": "simulator-client", "token": token])
            #expect(done.status == 200 && done.body.isEmpty)
            #expect(try await running.validate(token).status == 401)
            let again = try await running.form(url, ["client_id": "simulator-client", "token": token])
            #expect(again.body == #"{"message":"Invalid token","status":400}"#)
        }
    }

    @Test func `fields count only in a form's body`() async throws {
        try await withSimulator { running in
            let query = "client_id=simulator-client&client_secret=simulator-secret&grant_type=client_credentials"
            let answer = try await running.form("\(running.endpoints.auth)/token?\(query)", [:])
            #expect(answer.body == #"{"message":"missing client id","status":400}"#)
        }
    }
}
