import TestSupport
import Testing

@testable import twitch_simulator

@Suite struct RenameTests {
    @Test func `id, stream and tokens stay; the login is another`() async throws {
        try await withSimulator { running in
            let app = try await HelixApp(running)
            let stream = try await running.goLive("quietharbor")
            let token = try await running.approved("quietharbor").accessToken
            let body = #"{"from":"quietharbor","to":"loudharbor"}"#
            let renamed: UserResult = try await running.call("users/rename", body)
            #expect(renamed.userID == stream.userID && renamed.displayName == "Loudharbor")
            #expect(try await app.get("users?login=quietharbor&login=loudharbor").data.map(\.id) == [stream.userID])
            #expect(try await app.get("users?id=\(stream.userID)").data.map(\.login) == ["loudharbor"])
            let streams = try await app.get("streams?user_id=\(stream.userID)").data
            #expect(streams.map(\.userLogin) == ["loudharbor"] && streams.map(\.id) == [stream.id])
            #expect(try await app.live("user_login=quietharbor") == [])
            #expect(try await running.validate(token).body.contains(#""login":"loudharbor""#))
        }
    }

    @Test func `the room moves: the old one falls silent and cannot be joined`() async throws {
        try await withSimulator(silent { $0.chat.channels = ["quietharbor"] }) { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                try await client.logInAnonymously(join: "quietharbor")
                _ = try await running.post("users/rename", #"{"from":"quietharbor","to":"loudharbor"}"#)
                let before = client.received.lines.count
                try await client.send("JOIN #quietharbor", "JOIN #loudharbor")
                try await client.wait("the new room") {
                    $0.lines.contains { $0.contains("ROOMSTATE #loudharbor") }
                }
                let id = Login.userID(of: "quietharbor")
                let state = client.received.lines.first { $0.contains("ROOMSTATE #loudharbor") }
                #expect(state?.contains("room-id=\(id);") == true)
                let burst: BurstResult = try await running.call(
                    "burst",
                    #"{"channels":["quietharbor","loudharbor"],"count":10,"kinds":["message"]}"#
                )
                #expect(burst.unheard == 5)
                try await client.barrier()
                let after = client.received.lines.dropFirst(before)
                #expect(!after.contains { $0.contains("#quietharbor") })
                #expect(after.count { $0.contains("PRIVMSG #loudharbor") } == 5)
            }
        }
    }

    @Test func `the old login can become somebody else's room`() async throws {
        try await withSimulator { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                try await client.logInAnonymously(join: "a")
                _ = try await running.post("users/rename", #"{"from":"a","to":"b"}"#)
                let result: UserResult = try await running.call("users/rename", #"{"from":"c","to":"a"}"#)
                #expect(result.userID == Login.userID(of: "c"))
                try await client.send("JOIN #a")
                try await client.wait("the other room") {
                    $0.lines.contains { $0.contains("room-id=\(Login.userID(of: "c"));") }
                }
            }
        }
    }

    @Test(arguments: [
        (#"{"from":"a","to":"B"}"#, "to: 'B' is no login (1 to 25 of a-z, 0-9, _)"),
        (#"{"from":"a","to":"quietharbor"}"#, "to: the login 'quietharbor' is taken"),
        (#"{"from":"gone","to":"b"}"#, "login: nobody has the login 'gone' since it was renamed"),
    ])
    func `what cannot be is refused`(_ body: String, _ error: String) async throws {
        try await withSimulator { running in
            _ = try await running.post("users/rename", #"{"from":"gone","to":"here"}"#)
            let answer = try await running.post("users/rename", body)
            #expect(answer.status == 400)
            #expect(try RunningSimulator.decode(answer.body) == ["error": error])
        }
    }

    @Test func `a suspended channel refuses JOIN with Twitch's notice`() async throws {
        try await withSimulator { running in
            _ = try await running.post("users/suspend", #"{"login":"a"}"#)
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                try await client.logInAnonymously()
                try await client.send("JOIN #a")
                try await client.wait("the notice") {
                    $0.lines.contains { $0.contains("msg-id=msg_channel_suspended") }
                }
            }
        }
    }
}
