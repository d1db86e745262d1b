import NIOCore
import NIOWebSocket
import TestSupport
import Testing

@testable import twitch_simulator

@Suite struct WireTests {
    @Test func `PING is answered with its text, and unknown commands with 421`() async throws {
        try await withSimulator { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                try await client.logInAnonymously("justinfan9")
                try await client.send("PING :abc def", "PING", "WHO #a")
                try await client.barrier()
                let tail = client.received.lines.suffix(4).prefix(3)
                #expect(
                    tail == [
                        ":tmi.twitch.tv PONG tmi.twitch.tv :abc def", "PONG :tmi.twitch.tv",
                        ":tmi.twitch.tv 421 justinfan9 WHO :Unknown command",
                    ]
                )
            }
        }
    }

    @Test func `a frame without mask ends the connection`() async throws {
        try await withSimulator { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                try await client.send(frame: IRCWebSocketClient.text("NICK justinfan1\r\n", masked: false))
                let received = try await client.wait("the end") { $0.isClosed }
                #expect(received.closeCode == .protocolError)
                #expect(received.lines.isEmpty)
            }
        }
    }

    @Test func `a client's fragments are put together`() async throws {
        try await withSimulator { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                try await client.send(frame: IRCWebSocketClient.text("PING :a", fin: false))
                try await client.send(frame: IRCWebSocketClient.text("bc\r\n", opcode: .continuation))
                try await client.wait("PONG") { $0.lines == [":tmi.twitch.tv PONG tmi.twitch.tv :abc"] }
            }
        }
    }

    @Test func `without tags lines come without tags, without commands only PRIVMSG comes`() async throws {
        try await withSimulator { running in
            let chat = [
                "@id=1;room-id=2 :x!x@x.tmi.twitch.tv PRIVMSG #a :hi", "@room-id=2 :tmi.twitch.tv CLEARCHAT #a",
                "@login=x :tmi.twitch.tv CLEARMSG #a :hi", "@msg-id=sub :tmi.twitch.tv USERNOTICE #a",
                "@msg-id=slow_on :tmi.twitch.tv NOTICE #a :slow",
            ]
            for (capabilities, expected) in [
                ("twitch.tv/tags twitch.tv/commands", chat), ("twitch.tv/tags", [chat[0]]),
                ("twitch.tv/commands", chat.map { String($0.drop { $0 != ":" }) }),
                ("twitch.tv/membership", [":x!x@x.tmi.twitch.tv PRIVMSG #a :hi"]),
            ] {
                try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                    try await client.send("CAP REQ :\(capabilities)", "NICK justinfan1", "JOIN #a")
                    try await client.barrier("before")
                    for line in chat { _ = await running.simulator.say(raw: line, in: "a") }
                    try await client.barrier("after")
                    let before = client.received.lines.firstIndex { $0.hasSuffix(":before") } ?? 0
                    #expect(client.received.lines.dropFirst(before + 1).dropLast() == expected[...])
                }
            }
        }
    }

    @Test func `an account's PRIVMSG reaches the others, the sender gets USERSTATE with the id`() async throws {
        try await withSimulator { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { reader in
                try await reader.logInAnonymously(join: "a")
                try await IRCWebSocketClient.connect(running.endpoints.irc) { writer in
                    try await writer.send(
                        "CAP REQ :twitch.tv/tags twitch.tv/commands",
                        "PASS oauth:x",
                        "NICK ola",
                        "JOIN #a",
                        "PRIVMSG #a :ahoy : there"
                    )
                    let heard = try await reader.wait("the message") {
                        $0.lines.contains { $0.hasSuffix(" PRIVMSG #a :ahoy : there") }
                    }
                    try await writer.barrier()
                    #expect(!writer.received.lines.contains { $0.contains("PRIVMSG") })
                    let id = try #require(heard.lines.last?.firstMatch(of: /;id=([^;]+);/)?.1)
                    #expect(
                        writer.received.lines.contains { $0.contains(";id=\(id);") && $0.hasSuffix(" USERSTATE #a") }
                    )
                }
                try await reader.send("PRIVMSG #a :may I?")
                try await reader.barrier()
                #expect(await running.stats.violations.map(\.rule) == ["PRIVMSG by an anonymous user"])
                #expect(await running.stats.offered == 1)
            }
        }
    }

    @Test(arguments: [1, 7, 50])
    func `a message holds as many lines as set`(_ lines: Int) async throws {
        try await withSimulator(silent { $0.wire.linesPerFrame = lines }) { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                try await client.logInAnonymously(join: "a")
                let before = client.received.messages.count
                _ = try await running.simulator.burst(channels: ["a"], count: lines * 4, kinds: []).get()
                try await client.barrier()
                let sizes = client.received.messages.dropFirst(before).dropLast().map { $0.count { $0 == 10 } }
                #expect(sizes == Array(repeating: lines, count: 4))
            }
        }
    }

    @Test func `messages are cut into fragments when set`() async throws {
        try await withSimulator(silent { $0.wire.fragmentBytes = 100 }) { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                try await client.logInAnonymously(join: "a")
                let result = try await running.simulator.burst(channels: ["a"], count: 30, kinds: [.message]).get()
                try await client.barrier()
                #expect(client.received.frames[.continuation, default: 0] > 30)
                #expect(client.received.lines.filter { $0.contains(" PRIVMSG ") }.count == result.offered["a"]?.lines)
            }
        }
    }

    @Test func `who does not answer the PING is closed`() async throws {
        let time = ManualTime()
        try await withSimulator(clock: time.clock) { running in
            let deaf = try await IRCWebSocketClient.open(running.endpoints.irc, answersPings: false)
            let polite = try await IRCWebSocketClient.open(running.endpoints.irc)
            for client in [deaf, polite] { try await client.barrier() }
            time.advance(seconds: 241)
            for client in [deaf, polite] {
                try await client.wait("PING") { $0.lines.contains("PING :tmi.twitch.tv") }
            }
            try await polite.barrier()
            time.advance(seconds: 11)
            try await deaf.wait("the end") { $0.isClosed }
            try await polite.barrier()
            #expect(await running.stats.closedWithoutPong == 1)
            await deaf.close()
            await polite.close()
        }
    }

    @Test func `WebSocket pings are sent when set`() async throws {
        let time = ManualTime()
        try await withSimulator(silent { $0.wire.webSocketPingInterval = 5 }, clock: time.clock) { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                // The interval begins when the simulator has seen the connection, which is after the client has it.
                try await client.barrier()
                time.advance(seconds: 6)
                try await client.wait("a ping frame") { $0.frames[.ping] == 1 }
            }
        }
    }
}
