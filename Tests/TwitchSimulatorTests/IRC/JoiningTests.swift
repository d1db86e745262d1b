import TestSupport
import Testing

@testable import twitch_simulator

@Suite struct JoiningTests {
    @Test func `an anonymous JOIN is answered by echo, names and the full ROOMSTATE`() async throws {
        try await withSimulator { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                try await client.logInAnonymously("justinfan5", join: "quietharbor")
                let id = Login.userID(of: "quietharbor")
                #expect(
                    client.received.lines.suffix(4) == [
                        ":justinfan5!justinfan5@justinfan5.tmi.twitch.tv JOIN #quietharbor",
                        ":justinfan5.tmi.twitch.tv 353 justinfan5 = #quietharbor :justinfan5",
                        ":justinfan5.tmi.twitch.tv 366 justinfan5 #quietharbor :End of /NAMES list",
                        "@emote-only=0;followers-only=-1;r9k=0;room-id=\(id);slow=0;subs-only=0 :tmi.twitch.tv ROOMSTATE #quietharbor",
                    ]
                )
            }
        }
    }

    @Test func `an account's JOIN brings USERSTATE too`() async throws {
        try await withSimulator { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                try await client.send(
                    "CAP REQ :twitch.tv/tags twitch.tv/commands",
                    "PASS oauth:x1",
                    "NICK harborlog",
                    "JOIN #a,#b"
                )
                try await client.barrier()
                for channel in ["a", "b"] {
                    #expect(client.received.lines.filter { $0.hasSuffix(" USERSTATE #\(channel)") }.count == 1)
                    #expect(client.received.lines.filter { $0.hasSuffix(" ROOMSTATE #\(channel)") }.count == 1)
                }
            }
        }
    }

    @Test(arguments: ["#QuietHarbor", "quietharbor", "#no-such-name", "#", "#averyveryveryverylonglogin"])
    func `what is no lowercase login is dropped in silence`(_ channel: String) async throws {
        try await withSimulator { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                try await client.logInAnonymously()
                try await client.send("JOIN \(channel)")
                try await client.barrier()
                #expect(!client.received.lines.contains { $0.contains("JOIN") || $0.contains("NOTICE") })
            }
        }
    }

    @Test func `with listed channels only, others do not exist`() async throws {
        try await withSimulator(silent { $0.chat.anyChannelExists = false }) { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                try await client.logInAnonymously(join: "quietharbor")
                try await client.send("JOIN #elsewhere")
                try await client.barrier()
                #expect(!client.received.lines.contains { $0.contains("#elsewhere") })
            }
        }
    }

    @Test func `JOINs over 20 in 10 seconds are ignored and told, each channel of a list counts`() async throws {
        let time = ManualTime()
        try await withSimulator(clock: time.clock) { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                try await client.logInAnonymously()
                let list = (1...23).map { "#c\($0)" }.joined(separator: ",")
                try await client.send("JOIN \(list)")
                try await client.barrier()
                #expect(client.received.lines.filter { $0.contains(" ROOMSTATE ") }.count == 20)
                let stats = await running.stats
                #expect(stats.joinRateViolations == 3)
                #expect(stats.joins == 20)
                #expect(stats.violations.map(\.detail) == ["#c21", "#c22", "#c23"])
                time.advance(seconds: 10)
                try await client.send("JOIN #c21")
                try await client.wait("c21") { $0.lines.contains { $0.hasSuffix(" ROOMSTATE #c21") } }
            }
        }
    }

    @Test func `the JOIN limit is the user's, over all its connections`() async throws {
        try await withSimulator(silent { $0.limits.joinAttempts = 2 }) { running in
            for nick in ["justinfan1", "justinfan1", "justinfan2"] {
                try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                    try await client.send("NICK \(nick)", "JOIN #a,#b")
                    try await client.barrier()
                }
            }
            #expect(await running.stats.joins == 4)
        }
    }

    @Test func `more rooms than a user may have are refused with a notice`() async throws {
        try await withSimulator(silent { $0.limits.roomsPerUser = 2 }) { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                try await client.logInAnonymously(join: "a", "b")
                try await client.send("JOIN #c")
                try await client.wait("the notice") {
                    $0.lines.contains {
                        $0.hasPrefix("@msg-id=msg_concurrent_channel_limit_reached :tmi.twitch.tv NOTICE #c :")
                    }
                }
            }
        }
    }

    @Test func `PART leaves and is echoed`() async throws {
        try await withSimulator { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                try await client.logInAnonymously("justinfan5", join: "a", "b")
                try await client.send("PART #a,#b")
                try await client.barrier()
                #expect(client.received.lines.filter { $0.contains(" PART #") }.count == 2)
                let result = await running.simulator.say(raw: ":x!x@x.tmi.twitch.tv PRIVMSG #a :hi", in: "a")
                #expect(!result)
            }
        }
    }

    @Test func `nothing can be joined before login`() async throws {
        try await withSimulator { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                try await client.send("JOIN #a")
                try await client.barrier()
                #expect(await running.stats.violations.map(\.rule) == ["JOIN before login"])
                #expect(await running.stats.joins == 0)
            }
        }
    }
}
