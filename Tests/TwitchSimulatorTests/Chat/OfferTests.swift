import TestSupport
import Testing

@testable import twitch_simulator

@Suite struct OfferTests {
    @Test func `a burst offers exactly what it says, and every reader gets it`() async throws {
        try await withSimulator { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                try await client.logInAnonymously(join: "a", "b")
                let before = client.received.lines.count
                let result: BurstResult = try await running.call(
                    "burst",
                    #"{"channels":["a","b"],"count":3000,"lines_per_frame":20}"#
                )
                try await client.wait("3,000 lines") { $0.lines.count >= before + 3000 }
                try await client.barrier()
                let lines = client.received.lines.dropFirst(before).dropLast()
                #expect(lines.count == 3000)
                #expect(result.unheard == 0)
                for channel in ["a", "b"] {
                    let part = try #require(result.offered[channel])
                    #expect(part.lines == 1500)
                    let stats = try #require(await running.stats.channels[channel])
                    #expect(stats.offered == 1500)
                    #expect(stats.kinds == part.kinds)
                    // The ids, computed from the documented rule, are those that arrived, in order.
                    let expected = (1...stats.lastSequence).map {
                        stats.idPrefix + MessageID.hex(UInt64($0), digits: 12)
                    }
                    let arrived = lines.filter { $0.contains(" #\(channel)") }
                        .compactMap { $0.firstMatch(of: /^@\S*?;id=([^;]+);/)?.1 }
                    #expect(arrived.map(String.init) == expected)
                    #expect(part.firstID == expected.first)
                    #expect(part.lastID == expected.last)
                }
            }
        }
    }

    @Test func `a burst of chosen kinds has no other`() async throws {
        try await withSimulator { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                try await client.logInAnonymously(join: "a")
                let result: BurstResult = try await running.call(
                    "burst",
                    #"{"channels":["a"],"count":200,"kinds":["CLEARCHAT","raid"]}"#
                )
                #expect(Set(result.offered["a"]?.kinds.keys ?? [:].keys) == ["timeout", "ban", "clear", "raid"])
            }
        }
    }

    @Test func `what nobody is there for is unheard, and takes no number`() async throws {
        try await withSimulator { running in
            let result: BurstResult = try await running.call("burst", #"{"channels":["a"],"count":50}"#)
            #expect(result == BurstResult(offered: [:], unheard: 50, milliseconds: result.milliseconds))
            let stats = try #require(await running.stats.channels["a"])
            #expect(stats.unheard == 50)
            #expect(stats.offered == 0)
            #expect(stats.lastSequence == 0)
        }
    }

    @Test func `at a rate, as many lines come as the clock says`() async throws {
        let time = ManualTime()
        let settings = silent {
            $0.chat.rate = 100
            $0.chat.channels = ["a", "b"]
        }
        try await withSimulator(settings, clock: time.clock) { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                try await client.logInAnonymously(join: "a", "b")
                for second in 1...5 {
                    time.advance(seconds: 1)
                    // The line that completes the second is the sign that it was dealt with.
                    try await client.wait("second \(second)") { received in
                        received.lines.count { !$0.contains("justinfan") && $0.first == "@" } >= second * 100 + 2
                    }
                }
                try await client.barrier()
                let stats = await running.stats
                #expect(stats.offered == 500)
                #expect(stats.unheard == 0)
                try await client.send("PART #a,#b")
                try await client.barrier()
                time.advance(seconds: 1)
                while await running.stats.unheard < 100 { try await client.barrier() }
                #expect(await running.stats.offered == 500)
            }
        }
    }

    @Test func `chat can be generated for whatever is joined`() async throws {
        let time = ManualTime()
        let settings = silent {
            $0.chat.rate = 10
            $0.chat.generatesForJoined = true
        }
        try await withSimulator(settings, clock: time.clock) { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                try await client.logInAnonymously(join: "anywhere")
                time.advance(seconds: 1)
                try await client.wait("10 lines") { $0.lines.count { $0.contains("#anywhere") } >= 14 }
                #expect(await running.stats.channels["anywhere"]?.offered == 10)
            }
        }
    }

    @Test func `a reader that does not read is not offered more than its socket takes, and loses nothing`() async throws
    {
        try await withSimulator(silent { $0.wire.highWaterMark = 65_536 }) { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                try await client.logInAnonymously(join: "a")
                let before = client.received.lines.count
                try await client.setReading(false)
                // Far more than the buffers of two sockets hold.
                async let result: BurstResult = running.call("burst", #"{"channels":["a"],"count":60000}"#)
                try await Self.settle(running)
                let held = await running.stats.offered
                #expect(held < 60_000)
                // Each look at the statistics gives the pump a turn; it must not take it.
                for _ in 0..<200 { _ = await running.stats }
                #expect(await running.stats.offered == held)
                #expect(await running.simulator.connectionStates()[0].isWritable == false)
                try await client.setReading(true)
                #expect(try await result.offered["a"]?.lines == 60_000)
                try await client.wait("all lines") { $0.lines.count == before + 60_000 }
            }
        }
    }

    @Test func `a reader that takes nothing for too long is closed`() async throws {
        let time = ManualTime()
        try await withSimulator(
            silent {
                $0.wire.slowReaderTimeout = 5
                $0.wire.pingInterval = 0
            },
            clock: time.clock
        ) { running in
            let client = try await IRCWebSocketClient.open(running.endpoints.irc)
            try await client.logInAnonymously(join: "a")
            try await client.setReading(false)
            async let result: BurstResult = running.call("burst", #"{"channels":["a"],"count":60000}"#)
            try await Self.settle(running)
            while await running.stats.slowReadersClosed == 0 {
                time.advance(seconds: 1)
                try await Task.sleep(for: .milliseconds(5))
            }
            // With the reader gone, the rest is unheard, and the burst ends.
            let answer = try await result
            #expect(answer.unheard > 0)
            #expect(answer.unheard + (answer.offered["a"]?.lines ?? 0) == 60_000)
            await client.close()
        }
    }

    /// Waits until a connection's socket is full.
    private static func settle(_ running: RunningSimulator) async throws {
        for _ in 0..<4000 {
            if await running.simulator.connectionStates().contains(where: { !$0.isWritable }) { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("the socket never filled")
    }

    @Test func `a replayed file arrives byte for byte once its channels are joined`() async throws {
        let file =
            Array(
                "@room-id=42;x= :a!a@a.tmi.twitch.tv PRIVMSG #a :one \u{1F44B} \n:tmi.twitch.tv NOTICE #b :two\r\n".utf8
            )
            + Array(":a!a@a.tmi.twitch.tv PRIVMSG #a :bad ".utf8) + [0xff, 0xc3, 10]
            + Array("@room-id=42 :tmi.twitch.tv CLEARCHAT #a".utf8)
        let path = TemporaryFile()
        try path.write(file)
        defer { path.remove() }
        try await withSimulator(silent { $0.chat.replay = path.path }) { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                try await client.logInAnonymously(join: "a")
                #expect(client.received.lines.contains { $0.contains("room-id=42;") && $0.hasSuffix("ROOMSTATE #a") })
                try await client.barrier()
                #expect(await running.stats.replay?.position == 1)
                #expect(await running.stats.replay?.next == "b")
                try await client.send("JOIN #b")
                try await client.wait("the last line") { $0.lines.contains { $0.hasSuffix("CLEARCHAT #a") } }
                let sent = client.received.messages.joined().split(separator: 10).map {
                    Array($0.last == 13 ? $0.dropLast() : $0)
                }
                for line in file.split(separator: 10).map({ Array($0.last == 13 ? $0.dropLast() : $0) }) {
                    #expect(sent.contains(line), "\(String(decoding: line, as: UTF8.self))")
                }
                let stats = await running.stats
                #expect(stats.offered == 4)
                #expect(stats.channels["a"]?.commands == ["PRIVMSG": 2, "CLEARCHAT": 1])
            }
        }
    }
}
