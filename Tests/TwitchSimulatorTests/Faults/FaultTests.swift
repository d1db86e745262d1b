import NIOWebSocket
import TestSupport
import Testing

@testable import twitch_simulator

@Suite struct FaultTests {
    /// A simulator with one anonymous reader of #a and #b.
    private func withReader(
        _ settings: SimulatorSettings = silent(),
        clock: SimulatorClock = .system,
        _ body: @escaping @Sendable (RunningSimulator, IRCWebSocketClient) async throws -> Void
    ) async throws {
        try await withSimulator(settings, clock: clock) { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                try await client.logInAnonymously("justinfan1", join: "a", "b")
                try await body(running, client)
            }
        }
    }

    @Test(arguments: ["fin", "reset", "frame"])
    func `close ends the connection`(_ how: String) async throws {
        try await self.withReader { running, client in
            let result: FaultResult = try await running.call("faults/close", #"{"how":"\#(how)","code":1012}"#)
            #expect(result.connections.count == 1)
            let received = try await client.wait("the end") { $0.isClosed }
            #expect(received.closeCode == (how == "frame" ? WebSocketErrorCode(codeNumber: 1012) : nil))
        }
    }

    @Test func `faults are for whom they name`() async throws {
        try await self.withReader { running, client in
            for body in [#"{"channels":["c"]}"#, #"{"nicks":["justinfan2"]}"#, #"{"connections":[77]}"#] {
                let result: FaultResult = try await running.call("faults/close", body)
                #expect(result == FaultResult())
            }
            let result: FaultResult = try await running.call(
                "faults/close",
                #"{"channels":["b"],"nicks":["justinfan1"]}"#
            )
            #expect(result.connections.count == 1)
        }
    }

    @Test func `RECONNECT is announced before the close`() async throws {
        try await self.withReader { running, client in
            _ = try await running.post("faults/reconnect", #"{"close_after_milliseconds":50}"#)
            let received = try await client.wait("the end") { $0.isClosed }
            #expect(received.lines.last == ":tmi.twitch.tv RECONNECT")
            #expect(received.closeCode == .goingAway)
        }
    }

    @Test func `a stall holds everything back and loses nothing`() async throws {
        try await self.withReader { running, client in
            let before = client.received.lines.count
            _ = try await running.post("faults/stall", #"{"duration_milliseconds":60000}"#)
            async let burst: BurstResult = running.call("burst", #"{"channels":["a"],"count":100}"#)
            try await client.send("PING :held")
            _ = try await running.get("stats")
            #expect(await running.stats.offered == 0)
            #expect(client.received.lines.count == before)
            _ = try await running.post("faults/clear")
            #expect(try await burst.offered["a"]?.lines == 100)
            try await client.wait("PONG and all lines") {
                $0.lines.contains(":tmi.twitch.tv PONG tmi.twitch.tv :held") && $0.lines.count == before + 101
            }
        }
    }

    @Test func `a half-open connection stays and says nothing, and is no reader`() async throws {
        try await self.withReader { running, client in
            let before = client.received.lines.count
            _ = try await running.post("faults/half-open")
            try await client.send("PING :anyone?")
            let burst: BurstResult = try await running.call("burst", #"{"channels":["a"],"count":10}"#)
            #expect(burst.unheard == 10)
            let state = await running.simulator.connectionStates()
            #expect(state.map(\.isHalfOpen) == [true])
            #expect(client.received.lines.count == before)
            #expect(!client.received.isClosed)
        }
    }

    @Test(arguments: Garbage.harmless)
    func `harmless garbage is sent, and the connection lives on`(_ kind: Garbage) async throws {
        try await self.withReader { running, client in
            let before = client.received.messages.count
            _ = try await running.post("faults/garbage", #"{"what":["\#(kind.rawValue)"],"count":2}"#)
            try await client.wait("garbage") { $0.messages.count >= before + 2 }
            try await client.barrier()
            #expect(await running.stats.offered == 0)
        }
    }

    @Test(arguments: [Garbage.strayContinuation, .truncatedFrame])
    func `broken frames are sent`(_ kind: Garbage) async throws {
        try await self.withReader { running, client in
            _ = try await running.post("faults/garbage", #"{"what":["\#(kind.rawValue)"]}"#)
            try await client.wait("an effect") { $0.isClosed || $0.frames[.continuation] == 1 }
        }
    }

    @Test func `the latest lines are delivered once more`() async throws {
        try await self.withReader { running, client in
            let _: BurstResult = try await running.call("burst", #"{"channels":["a"],"count":95}"#)
            try await client.barrier("one")
            let original = client.received.lines.dropLast().suffix(30)
            let result: FaultResult = try await running.call("faults/duplicate", #"{"lines":30}"#)
            #expect(result.count == 30)
            try await client.barrier("two")
            #expect(client.received.lines.dropLast().suffix(30) == original)
            let stats = await running.stats
            #expect(stats.offered == 95)
            #expect(stats.redelivered == 30)
        }
    }

    @Test func `a banned reader is parted, and its JOIN refused until the ban ends`() async throws {
        let time = ManualTime()
        try await self.withReader(clock: time.clock) { running, client in
            _ = try await running.post("faults/ban-reader", #"{"channels":["a"],"duration_milliseconds":5000}"#)
            try await client.wait("PART") {
                $0.lines.contains(":justinfan1!justinfan1@justinfan1.tmi.twitch.tv PART #a")
            }
            try await client.send("JOIN #a")
            try await client.wait("refusal") {
                $0.lines.contains { $0.hasPrefix("@msg-id=msg_banned ") && $0.contains(" NOTICE #a :") }
            }
            time.advance(seconds: 6)
            let count = client.received.lines.count
            try await client.send("JOIN #a")
            try await client.wait("ROOMSTATE") { $0.lines.dropFirst(count).contains { $0.hasSuffix(" ROOMSTATE #a") } }
        }
    }

    @Test(arguments: [true, false])
    func `a reader can be dropped from a room, with a trace or without`(_ silent: Bool) async throws {
        try await self.withReader { running, client in
            _ = try await running.post("faults/part", #"{"channels":["a"],"silent":\#(silent)}"#)
            try await client.barrier()
            #expect(client.received.lines.contains { $0.hasSuffix(" PART #a") } == !silent)
            let burst: BurstResult = try await running.call("burst", #"{"channels":["a","b"],"count":10}"#)
            #expect(burst.unheard == 5)
        }
    }

    @Test(arguments: JoinRefusal.allCases)
    func `a JOIN is refused as told, as often as told`(_ refusal: JoinRefusal) async throws {
        try await self.withReader { running, client in
            _ = try await running.post(
                "faults/refuse-join",
                #"{"channels":["c"],"with":"\#(refusal.rawValue)","count":1}"#
            )
            try await client.send("JOIN #c")
            try await client.barrier()
            let answers = client.received.lines.filter { $0.contains(" #c") }
            if refusal == .silent {
                #expect(answers.isEmpty)
            } else {
                #expect(answers.count == 1)
                #expect(answers[0].hasPrefix("@msg-id=\(refusal.rawValue) :tmi.twitch.tv NOTICE #c :"))
            }
            try await client.send("JOIN #c")
            try await client.wait("ROOMSTATE") { $0.lines.contains { $0.hasSuffix(" ROOMSTATE #c") } }
        }
    }

    @Test func `a JOIN can be lost or late`() async throws {
        try await self.withReader { running, client in
            _ = try await running.post("faults/drop-join", #"{"channels":["c"]}"#)
            _ = try await running.post("faults/delay-join", #"{"channels":["d"],"duration_milliseconds":50}"#)
            try await client.send("JOIN #c", "JOIN #d")
            try await client.barrier()
            #expect(!client.received.lines.contains { $0.contains(" #c") })
            try await client.wait("d") { $0.lines.contains { $0.hasSuffix(" ROOMSTATE #d") } }
            try await client.send("JOIN #c")
            try await client.wait("c") { $0.lines.contains { $0.hasSuffix(" ROOMSTATE #c") } }
        }
    }

    @Test func `the next logins can be refused`() async throws {
        try await withSimulator { running in
            _ = try await running.post("faults/refuse-login", #"{"notice":"Login unsuccessful"}"#)
            for expected in [
                ":tmi.twitch.tv NOTICE * :Login unsuccessful", ":tmi.twitch.tv 001 justinfan1 :Welcome, GLHF!",
            ] {
                try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                    try await client.send("NICK justinfan1")
                    let received = try await client.wait("an answer") { !$0.lines.isEmpty }
                    #expect(received.lines[0] == expected)
                }
            }
        }
    }
}
