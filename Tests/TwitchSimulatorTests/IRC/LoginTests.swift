import TestSupport
import Testing

@testable import twitch_simulator

@Suite struct LoginTests {
    @Test func `an anonymous login needs no PASS and gets no GLOBALUSERSTATE`() async throws {
        try await withSimulator { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                try await client.send("CAP REQ :twitch.tv/tags twitch.tv/commands", "NICK justinfan77")
                try await client.barrier()
                let lines = client.received.lines
                #expect(lines.first == ":tmi.twitch.tv CAP * ACK :twitch.tv/tags twitch.tv/commands")
                #expect(
                    lines.dropFirst().prefix(7).map { $0.split(separator: " ")[1] } == [
                        "001", "002", "003", "004", "375", "372", "376",
                    ]
                )
                #expect(!lines.contains { $0.contains("GLOBALUSERSTATE") })
            }
        }
    }

    @Test(arguments: ["SCHMOOPIIE", "oauth:59301"])
    func `an anonymous login may bring a throw-away PASS`(_ pass: String) async throws {
        try await withSimulator { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                try await client.send("PASS \(pass)", "NICK justinfan77")
                try await client.wait("001") { $0.lines.contains { $0.contains(" 001 justinfan77 ") } }
            }
        }
    }

    @Test func `an account gets GLOBALUSERSTATE with the commands capability only`() async throws {
        try await withSimulator { running in
            for (capabilities, expected) in [("twitch.tv/tags twitch.tv/commands", 1), ("twitch.tv/tags", 0)] {
                try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                    try await client.send("CAP REQ :\(capabilities)", "PASS oauth:good", "NICK harborlog")
                    try await client.barrier()
                    let states = client.received.lines.filter { $0.hasSuffix(" GLOBALUSERSTATE") }
                    #expect(states.count == expected)
                    #expect(states.allSatisfy { $0.contains("user-id=") })
                }
            }
        }
    }

    @Test(arguments: [
        (["NICK harborlog", "PASS oauth:good"], "Improperly formatted auth"),
        (["PASS good", "NICK harborlog"], "Improperly formatted auth"),
        (["PASS oauth:", "NICK harborlog"], "Improperly formatted auth"),
        (["PASS oauth:bad", "NICK harborlog"], "Login authentication failed"),
        (["PASS oauth:good", "NICK Harborlog"], "Invalid NICK"),
        (["NICK justinfanx"], "Improperly formatted auth"),
    ])
    func `a wrong login is refused with Twitch's notice and closed`(_ lines: [String], _ notice: String) async throws {
        try await withSimulator(silent { $0.login.refusedTokens = ["bad"] }) { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                // One message: the connection may be closed after its first line.
                try await client.send(frame: IRCWebSocketClient.text(lines.joined(separator: "\r\n")))
                let received = try await client.wait("the end") { $0.isClosed }
                #expect(received.lines == [":tmi.twitch.tv NOTICE * :\(notice)"])
            }
        }
    }

    @Test func `named accounts must come with their own token`() async throws {
        try await withSimulator(silent { $0.login.accounts = ["t1": "harborlog"] }) { running in
            for (nick, token, succeeds) in [
                ("harborlog", "t1", true), ("harborlog", "t2", false), ("other", "t1", false),
            ] {
                try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                    try await client.send("PASS oauth:\(token)", "NICK \(nick)")
                    let received = try await client.wait("an answer") { !$0.lines.isEmpty }
                    #expect(received.lines[0].contains(" 001 ") == succeeds)
                }
            }
        }
    }

    @Test func `an unknown capability is refused whole`() async throws {
        try await withSimulator { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                try await client.send("CAP REQ :twitch.tv/tags twitch.tv/nonsense", "CAP FROB", "CAP END")
                try await client.barrier()
                #expect(
                    client.received.lines.prefix(2) == [
                        ":tmi.twitch.tv CAP * NAK :twitch.tv/tags twitch.tv/nonsense",
                        ":tmi.twitch.tv 410 * :Invalid CAP command",
                    ]
                )
            }
        }
    }

    @Test func `too many logins of one user are unsuccessful`() async throws {
        let time = ManualTime()
        try await withSimulator(silent { $0.limits.loginAttempts = 2 }, clock: time.clock) { running in
            for attempt in 1...4 {
                if attempt == 4 { time.advance(seconds: 11) }
                try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                    try await client.send("NICK justinfan1")
                    let received = try await client.wait("an answer") { !$0.lines.isEmpty }
                    let expected =
                        attempt == 3
                        ? ":tmi.twitch.tv NOTICE * :Login unsuccessful"
                        : ":tmi.twitch.tv 001 justinfan1 :Welcome, GLHF!"
                    #expect(received.lines[0] == expected)
                }
            }
            #expect(await running.stats.violations.map(\.rule) == ["login rate"])
        }
    }
}
