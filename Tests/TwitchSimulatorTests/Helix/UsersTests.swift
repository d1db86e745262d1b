import Testing

@testable import twitch_simulator

@Suite struct UsersTests {
    @Test func `users are found by login and by id, unknown ones are absent`() async throws {
        let settings = silent {
            $0.chat.channels = ["quietharbor", "loudlagoon"]
            $0.chat.anyChannelExists = false
        }
        try await withSimulator(settings) { running in
            let app = try await HelixApp(running)
            let id = Login.userID(of: "quietharbor")
            let answer = try await app.get("users?login=quietharbor&login=nobody_there&id=\(id)&id=1")
            #expect(answer.data.map(\.login) == ["quietharbor"])
            #expect(answer.data.map(\.id) == [id])
            #expect(answer.data.map(\.displayName) == ["Quietharbor"])
            #expect(answer.data.map(\.email) == [nil])
        }
    }

    @Test(arguments: [
        "login=a&login=b-c", "login=A", "login=", "id=12x", "login=%23a", "login=\(String(repeating: "a", count: 26))",
    ])
    func `one invalid name fails the whole request`(_ query: String) async throws {
        try await withSimulator { running in
            let answer = try await HelixApp(running).fetch("users?login=a&\(query)")
            let message = "Invalid login names, emails or IDs in request"
            #expect(answer.body == #"{"error":"Bad Request","message":"\#(message)","status":400}"#)
        }
    }

    @Test func `a hundred is the most`() async throws {
        try await withSimulator { running in
            let app = try await HelixApp(running)
            #expect(try await app.get("users?\(repeated("login", 100))").data.count == 100)
            #expect(try await app.fetch("users?\(repeated("login", 101))").status == 400)
            #expect(try await app.fetch("users?\(repeated("login", 100))&id=1").status == 400)
        }
    }

    @Test func `without parameters it is the token's user`() async throws {
        try await withSimulator { running in
            let tokens = try await running.approved("harborlog", scopes: #"["user:read:email"]"#)
            let own = try await HelixApp(running, token: tokens.accessToken).get("users")
            #expect(own.data.map(\.login) == ["harborlog"])
            #expect(own.data.map(\.email) == ["harborlog@example.com"])
            #expect(try await HelixApp(running).fetch("users").status == 400)
        }
    }

    @Test func `a suspended user is absent until restored`() async throws {
        try await withSimulator { running in
            let app = try await HelixApp(running)
            try await running.goLive("a")
            _ = try await running.post("users/suspend", #"{"login":"a"}"#)
            #expect(try await app.get("users?login=a&login=b").data.map(\.login) == ["b"])
            #expect(try await app.live() == [])
            _ = try await running.post("users/restore", #"{"login":"a"}"#)
            #expect(try await app.get("users?login=a").data.count == 1)
        }
    }

    @Test func `channel information is there for offline channels too`() async throws {
        try await withSimulator { running in
            let app = try await HelixApp(running)
            let body = #"{"login":"a","title":"T","category":"Deep Signal","tags":["x"]}"#
            let result: StreamResult = try await running.call("streams/update", body)
            #expect(result.id == nil)
            let answer = try await app.get("channels?broadcaster_id=\(result.userID)&broadcaster_id=1")
            #expect(answer.data.map(\.broadcasterLogin) == ["a"])
            #expect(answer.data.map(\.title) == ["T"] && answer.data.map(\.gameName) == ["Deep Signal"])
            #expect(try await app.fetch("channels").body.contains(#"Missing required parameter \"broadcaster_id\""#))
            #expect(try await app.fetch("channels?\(repeated("broadcaster_id", 101, prefix: "1"))").status == 400)
        }
    }
}
