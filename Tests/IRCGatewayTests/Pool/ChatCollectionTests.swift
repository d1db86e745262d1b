import NIOCore
import NIOWebSocket
import Protocol
import Synchronization
import TestSupport
import Testing
import TwitchChat

@testable import irc_gateway

@Suite(.timeLimit(.minutes(10))) struct ChatCollectionTests {
    @Test func `it logs in, joins, and publishes what is said behind a start`() async throws {
        try await withTemporaryDirectory { directory in
            try await ScriptedTwitch.running { twitch in
                let gateway = try Gateway(twitch.url, ["alpha", "beta"], in: directory)
                try await gateway.running {
                    try await eventually("both are joined") { gateway.starts.count == 2 }
                    let visitor = try #require(twitch.visitors.first)
                    visitor.send(Chat.message(1, in: "alpha"), Chat.message(2, in: "beta"))
                    try await eventually("both are published") { gateway.messageIDs.count == 2 }
                    #expect(visitor.lines.first == "CAP REQ :twitch.tv/tags twitch.tv/commands")
                    #expect(visitor.nick.hasPrefix("justinfan"))
                    #expect(Set(visitor.joins) == ["alpha", "beta"])
                    #expect(visitor.state.withLock { $0.unmaskedFrames } == 0)
                    #expect(twitch.state.withLock { $0.hosts } == ["127.0.0.1:\(twitch.port)"])
                }
                #expect(gateway.starts.allSatisfy { $0.broadcasterUserID == Chat.roomID($0.broadcasterUserLogin) })
                let alpha = gateway.envelopes.filter { $0.subject == "alpha" }.map(\.event.type)
                #expect(alpha == [.collectionStarted, .chatSettingsUpdate, .chatMessage, .collectionStopped])
                #expect(gateway.stops.map(\.reason) == ["shutdown", "shutdown"])
                #expect(Set(gateway.stops.map(\.sessionID)) == Set(gateway.starts.map(\.sessionID)))
                #expect(twitch.visitors[0].state.withLock { $0.closeCode } == 1000)
            }
        }
    }

    @Test func `fragments, binary frames and many lines in one frame all give their lines`() async throws {
        try await withTemporaryDirectory { directory in
            try await ScriptedTwitch.running { twitch in
                let gateway = try Gateway(twitch.url, ["alpha"], in: directory)
                try await gateway.running {
                    try await eventually("joined") { gateway.starts.count == 1 }
                    let visitor = twitch.visitors[0]
                    let line = Chat.message(1, in: "alpha") + "\r\n"
                    visitor.frame(String(line.prefix(40)), .text, isFinal: false)
                    visitor.frame("ping between", .ping)
                    visitor.frame(String(line.dropFirst(40).prefix(40)), .continuation, isFinal: false)
                    visitor.frame(String(line.dropFirst(80)), .continuation)
                    visitor.send([Chat.message(2, in: "alpha")], opcode: .binary)
                    visitor.send((3...2500).map { Chat.message($0, in: "alpha") })
                    try await eventually("all are published") { gateway.messageIDs.count == 2500 }
                    #expect(gateway.messageIDs == (1...2500).map(Chat.uuid))
                    #expect(visitor.state.withLock { $0.pongs } == ["ping between"])
                }
            }
        }
    }

    @Test func `a repeated message is published once`() async throws {
        try await withTemporaryDirectory { directory in
            try await ScriptedTwitch.running { twitch in
                let gateway = try Gateway(twitch.url, ["alpha"], in: directory)
                try await gateway.running {
                    try await eventually("joined") { gateway.starts.count == 1 }
                    let ban =
                        "@ban-duration=5;room-id=1;target-user-id=2;tmi-sent-ts=1790000000003 :tmi.twitch.tv CLEARCHAT #alpha :x"
                    twitch.visitors[0].send(Chat.message(1, in: "alpha"), Chat.message(1, in: "alpha"), ban, ban)
                    twitch.visitors[0].send(Chat.message(1, in: "alpha"), Chat.message(2, in: "alpha"))
                    try await eventually("the last one is published") { gateway.messageIDs.last == Chat.uuid(2) }
                }
                #expect(gateway.messageIDs == [Chat.uuid(1), Chat.uuid(2)])
                #expect(gateway.envelopes.filter { $0.event.type == .ban }.count == 1)
            }
        }
    }

    @Test func `one id in two rooms is two messages, two notifications and two deletions`() async throws {
        try await withTemporaryDirectory { directory in
            try await ScriptedTwitch.running { twitch in
                let gateway = try Gateway(twitch.url, ["alpha", "beta"], in: directory)
                try await gateway.running {
                    try await eventually("joined") { gateway.starts.count == 2 }
                    for login in ["alpha", "beta", "alpha", "beta"] {
                        let id = Chat.uuid(1)
                        let clear = "target-msg-id=\(id);tmi-sent-ts=1790000000123 :tmi.twitch.tv CLEARMSG #\(login) :x"
                        twitch.visitors[0].send(
                            Chat.message(1, in: login),
                            "@id=\(id);msg-id=raid;room-id=\(Chat.roomID(login)) :tmi.twitch.tv USERNOTICE #\(login)",
                            // Twitch leaves the room's id empty here.
                            "@login=ola;room-id=;" + clear
                        )
                    }
                    twitch.visitors[0].send(Chat.message(2, in: "alpha"))
                    try await eventually("the last one is published") { gateway.messageIDs.last == Chat.uuid(2) }
                }
                for type in [EventType.chatMessage, .chatNotification, .chatMessageDelete] {
                    let rooms = gateway.envelopes.filter { $0.event.type == type }.map(\.subject)
                    #expect(rooms.prefix(2) == ["alpha", "beta"] && rooms.count == (type == .chatMessage ? 3 : 2))
                }
                let authors = gateway.envelopes.compactMap { envelope -> String? in
                    if case .chatMessageDelete(let deletion) = envelope.event { deletion.targetUserID } else { nil }
                }
                #expect(authors == ["800300114", "800300114"])
            }
        }
    }

    @Test func `a channel that was refused is joined as soon as it is known to be live`() async throws {
        try await withTemporaryDirectory { directory in
            try await ScriptedTwitch.running { twitch in
                twitch.change { $0.refusal = { $0 == "alpha" ? "msg_channel_suspended" : nil } }
                var settings = Gateway.Settings()
                settings.joinPolicy.leastPause = .milliseconds(10)
                let gateway = try Gateway(twitch.url, ["alpha", "beta"], in: directory, settings)
                try await gateway.running {
                    try await eventually("refused") { gateway.stops.map(\.reason) == ["refused_suspended"] }
                    twitch.change { $0.refusal = { _ in nil } }
                    #expect(twitch.visitors[0].joins.count { $0 == "alpha" } == 1)
                    settings.live.areLive(["alpha"], at: .now)
                    try await eventually("joined after all") {
                        gateway.starts.map(\.broadcasterUserLogin).sorted() == ["alpha", "beta"]
                    }
                }
                #expect(twitch.visitors.count == 1)
            }
        }
    }

    @Test func `a lively channel that Twitch left without a word is joined again, and the hole is recorded`()
        async throws
    {
        try await withTemporaryDirectory { directory in
            try await ScriptedTwitch.running { twitch in
                var settings = Gateway.Settings()
                settings.joinPolicy.silence = .seconds(3)
                settings.live = LiveChannels(certainty: 0.001)
                let live = settings.live
                live.areLive(["alpha"], at: .now)
                let gateway = try Gateway(twitch.url, ["alpha"], in: directory, settings)
                try await gateway.running {
                    try await eventually("joined") { gateway.starts.count == 1 }
                    let visitor = twitch.visitors[0]
                    var sent = 0
                    // One read each, so that it counts as lively.
                    while sent < 20 {
                        sent += 1
                        visitor.send(Chat.message(sent, in: "alpha"))
                        try await eventually("heard") { gateway.messageIDs.count == sent }
                    }
                    let silentSince = Timestamp(rawValue: WallClock.system.now().rawValue)
                    try await eventually("joined again") {
                        live.areLive(["alpha"], at: .now)
                        return visitor.joins.count { $0 == "alpha" } >= 2
                    }
                    visitor.send(Chat.message(21, in: "alpha"))
                    try await eventually("a new session") { gateway.starts.count == 2 }
                    let stop = try #require(gateway.stops.first)
                    #expect(stop.reason == "dropped" && stop.sessionID == gateway.starts[0].sessionID)
                    #expect(stop.stoppedAt <= silentSince)
                    #expect(gateway.starts[1].startedAt.rawValue - stop.stoppedAt.rawValue >= 2900)
                    #expect(gateway.starts[1].broadcasterUserID == Chat.roomID("alpha"))
                    let types = gateway.envelopes.suffix(3).map(\.event.type)
                    #expect(types == [.collectionStopped, .collectionStarted, .chatMessage])
                }
            }
        }
    }

    @Test func `a frame that is too large costs no other line`() async throws {
        try await withTemporaryDirectory { directory in
            try await ScriptedTwitch.running { twitch in
                let gateway = try Gateway(twitch.url, ["alpha"], in: directory)
                try await gateway.running {
                    try await eventually("joined") { gateway.starts.count == 1 }
                    let visitor = twitch.visitors[0]
                    visitor.send(Chat.message(1, in: "alpha"))
                    visitor.bytes([UInt8](repeating: 0x41, count: 3 << 20))
                    visitor.send(Chat.message(2, in: "alpha"))
                    visitor.frame(String(repeating: "B", count: 2 << 20), .text, isFinal: false)
                    visitor.frame(String(repeating: "B", count: 2 << 20), .continuation)
                    visitor.send(Chat.message(3, in: "alpha"))
                    try await eventually("all are published") { gateway.messageIDs == (1...3).map(Chat.uuid) }
                    #expect(twitch.visitors.count == 1, "the connection goes on")
                }
            }
        }
    }

    @Test func `a clock that is put right has its sessions told again`() async throws {
        try await withTemporaryDirectory { directory in
            try await ScriptedTwitch.running { twitch in
                let error = Mutex<Int64>(7_200_000)
                var settings = Gateway.Settings()
                settings.clock = SteadyClock(
                    WallClock { Timestamp(rawValue: WallClock.system.now().rawValue + error.withLock { $0 }) }
                )
                let begin = WallClock.system.now()
                let gateway = try Gateway(twitch.url, ["alpha"], in: directory, settings)
                try await gateway.running {
                    try await eventually("joined") { gateway.starts.count == 1 }
                    #expect(gateway.starts[0].startedAt.rawValue > begin.rawValue + 7_000_000)
                    error.withLock { $0 = 0 }
                    try await eventually("told again") { gateway.starts.count == 2 }
                }
                let end = WallClock.system.now()
                #expect(gateway.starts[0].sessionID == gateway.starts[1].sessionID)
                #expect((begin...end).contains(gateway.starts[1].startedAt))
                let reasons = gateway.stops.map(\.reason).sorted()
                #expect(reasons.count == 2 && reasons[1] == "shutdown")
                // To the millisecond, but for how long the reading took.
                #expect(reasons[0].hasPrefix("clock_set_by_-7"), "\(reasons)")
                #expect(gateway.stops.allSatisfy { (begin...end).contains($0.stoppedAt) })
            }
        }
    }

    @Test func `a server PING is answered and garbage harms nobody`() async throws {
        try await withTemporaryDirectory { directory in
            try await ScriptedTwitch.running { twitch in
                let gateway = try Gateway(twitch.url, ["alpha"], in: directory)
                try await gateway.running {
                    try await eventually("joined") { gateway.starts.count == 1 }
                    let visitor = twitch.visitors[0]
                    visitor.send("PING :tmi.twitch.tv", "", "@broken", ":!@.tmi.twitch.tv CLEARCHAT alpha", "@ :x 9z9")
                    visitor.bytes([0xFF, 0xFE, 0x0D, 0x0A, 0x00, 0x0A])
                    visitor.bytes([UInt8](repeating: 0x41, count: 70_000))
                    visitor.send(Chat.message(1, in: "alpha"))
                    try await eventually("published") { gateway.messageIDs.count == 1 }
                    try await eventually("the PING is answered") { visitor.lines.contains("PONG :tmi.twitch.tv") }
                    #expect(twitch.visitors.count == 1)
                }
            }
        }
    }

    @Test func `a lost connection is replaced and the hole is recorded`() async throws {
        try await withTemporaryDirectory { directory in
            try await ScriptedTwitch.running { twitch in
                let gateway = try Gateway(twitch.url, ["alpha", "beta"], in: directory)
                try await gateway.running {
                    for round in 1...3 {
                        try await eventually("joined") { gateway.starts.count == 2 * round }
                        twitch.visitors[round - 1].cut()
                    }
                    try await eventually("joined again") { gateway.starts.count == 8 }
                }
                #expect(gateway.stops.map(\.reason).prefix(6) == ArraySlice(repeating: "connection_lost", count: 6))
                let alpha = gateway.envelopes.filter { $0.subject == "alpha" && $0.event.type != .chatSettingsUpdate }
                #expect(alpha.map(\.event.type) == (0..<4).flatMap { _ in [.collectionStarted, .collectionStopped] })
                #expect(Set(twitch.visitors.map(\.nick)).count == 4, "each connection has a name of its own")
            }
        }
    }

    @Test func `a connection that falls silent is replaced`() async throws {
        try await withTemporaryDirectory { directory in
            try await ScriptedTwitch.running { twitch in
                var settings = Gateway.Settings()
                settings.timing = .init(idle: .milliseconds(200), answer: .milliseconds(200), login: .seconds(15))
                let gateway = try Gateway(twitch.url, ["alpha"], in: directory, settings)
                try await gateway.running {
                    try await eventually("joined") { gateway.starts.count == 1 }
                    try await eventually("asked") { twitch.visitors[0].lines.contains("PING :collector") }
                    #expect(twitch.visitors.count == 1, "an answer keeps it")
                    let visitor = twitch.visitors[0]
                    let pings = visitor.lines.count { $0.hasPrefix("PING") }
                    twitch.change { $0.isDead = true }
                    try await eventually("given up") { gateway.stops.count == 1 }
                    #expect(visitor.lines.count { $0.hasPrefix("PING") } <= pings + 1)
                    twitch.change { $0.isDead = false }
                    try await eventually("joined again") { gateway.starts.count == 2 }
                }
                #expect(gateway.stops[0].reason == "connection_lost")
                let hole = gateway.starts[1].startedAt.rawValue - gateway.stops[0].stoppedAt.rawValue
                #expect(hole >= 350, "nobody listened while nothing was heard")
            }
        }
    }

    @Test func `RECONNECT opens and joins a new connection before the old one is closed`() async throws {
        try await withTemporaryDirectory { directory in
            try await ScriptedTwitch.running { twitch in
                let gateway = try Gateway(twitch.url, ["alpha", "beta"], in: directory)
                try await gateway.running {
                    try await eventually("joined") { gateway.starts.count == 2 }
                    let old = twitch.visitors[0]
                    twitch.change { $0.answersJoin = { $0 == "alpha" } }
                    old.send(":tmi.twitch.tv RECONNECT")
                    try await eventually("half of the new one is joined") { gateway.starts.count == 3 }
                    let new = twitch.visitors[1]
                    #expect(old.isOpen, "beta is not joined yet")
                    // Both are read, each message counts once, and what has no id comes from the new one only.
                    old.send(Chat.message(1, in: "alpha"), Chat.message(2, in: "beta"))
                    new.send(Chat.message(1, in: "alpha"), Chat.message(3, in: "alpha"))
                    let notice = "@msg-id=slow_on :tmi.twitch.tv NOTICE #alpha :This room is now in slow mode."
                    old.send(notice, Chat.message(4, in: "alpha"))
                    new.send(notice, Chat.message(5, in: "alpha"))
                    try await eventually("all five") { Set(gateway.messageIDs).count == 5 }
                    #expect(old.isOpen)
                    new.send(
                        "@emote-only=0;followers-only=-1;r9k=0;room-id=5;slow=0;subs-only=0 :tmi.twitch.tv ROOMSTATE #beta"
                    )
                    try await eventually("the old one is closed") { !old.isOpen && gateway.stops.count == 2 }
                    #expect(new.isOpen)
                }
                #expect(gateway.messageIDs.sorted() == (1...5).map(Chat.uuid))
                #expect(gateway.envelopes.filter { $0.event.type == .chatNotice }.count == 1)
                #expect(gateway.stops.prefix(2).map(\.reason) == ["moved", "moved"])
                let beta = gateway.envelopes.filter { $0.subject == "beta" }.map(\.event.type)
                    .filter { $0 == .collectionStarted || $0 == .collectionStopped }
                #expect(beta == [.collectionStarted, .collectionStarted, .collectionStopped, .collectionStopped])
                #expect(old(gateway) < new(gateway))
            }
        }
    }

    @Test func `when the successor fails the old connection stays and another successor is tried`() async throws {
        try await withTemporaryDirectory { directory in
            try await ScriptedTwitch.running { twitch in
                let gateway = try Gateway(twitch.url, ["alpha"], in: directory)
                try await gateway.running {
                    try await eventually("joined") { gateway.starts.count == 1 }
                    let old = twitch.visitors[0]
                    twitch.change { $0.loginNotice = "Login unsuccessful" }
                    old.send(":tmi.twitch.tv RECONNECT")
                    try await eventually("two were refused") { twitch.visitors.count >= 3 }
                    #expect(old.isOpen)
                    twitch.change { $0.loginNotice = nil }
                    try await eventually("one took over") { gateway.starts.count == 2 && !old.isOpen }
                }
                #expect(gateway.stops.map(\.reason) == ["moved", "shutdown"])
            }
        }
    }

    @Test func `channels come and go without touching the others`() async throws {
        try await withTemporaryDirectory { directory in
            try await ScriptedTwitch.running { twitch in
                var settings = Gateway.Settings()
                settings.capacity = 2
                let gateway = try Gateway(twitch.url, ["alpha", "beta", "gamma"], in: directory, settings)
                try await gateway.running {
                    try await eventually("joined") { gateway.starts.count == 3 }
                    gateway.collect(["beta", "gamma", "delta"])
                    try await eventually("delta is joined") { gateway.starts.count == 4 }
                    #expect(gateway.stops.map(\.broadcasterUserLogin) == ["alpha"])
                    #expect(gateway.stops.map(\.reason) == ["removed"])
                    #expect(twitch.visitors.flatMap(\.parts) == ["alpha"])
                    #expect(twitch.visitors.flatMap(\.joins).sorted() == ["alpha", "beta", "delta", "gamma"])
                    gateway.collect(["beta"])
                    try await eventually("one connection is left") { twitch.open.count == 1 }
                    try await eventually("stopped") { gateway.stops.count == 3 }
                    #expect(gateway.stops.map(\.reason) == ["removed", "removed", "removed"])
                    gateway.collect([], elsewhere: ["beta"])
                    try await eventually("stopped") { gateway.stops.count == 4 }
                    #expect(gateway.stops.last?.reason == "handed_over")
                }
                #expect(twitch.visitors.count == 2)
            }
        }
    }

    @Test func `many channels are spread over connections and JOINs are paced`() async throws {
        try await withTemporaryDirectory { directory in
            try await ScriptedTwitch.running { twitch in
                var settings = Gateway.Settings()
                settings.capacity = 10
                settings.joinLimit = 5
                settings.joinWindow = .milliseconds(300)
                let channels = (0..<45).map { "channel_\($0)" }
                let gateway = try Gateway(twitch.url, channels, in: directory, settings)
                try await gateway.running {
                    try await eventually("all are joined") { gateway.starts.count == 45 }
                }
                #expect(twitch.visitors.count == 5)
                #expect(twitch.visitors.allSatisfy { $0.joins.count <= 10 })
                #expect(twitch.visitors.flatMap(\.joins).sorted() == channels.sorted())
                #expect(gateway.stops.count == 45)
            }
        }
    }

    @Test func `refused and silent channels do not hold up the others, and a PART is followed by a JOIN`() async throws
    {
        try await withTemporaryDirectory { directory in
            try await ScriptedTwitch.running { twitch in
                twitch.change {
                    $0.refusal = { $0 == "closed" ? "msg_channel_suspended" : nil }
                    $0.answersJoin = { $0 != "nobody" }
                }
                var settings = Gateway.Settings()
                settings.joinPolicy.answer = .milliseconds(50)
                settings.joinPolicy.retry = .milliseconds(10)
                let gateway = try Gateway(twitch.url, ["closed", "nobody", "alpha"], in: directory, settings)
                try await gateway.running {
                    try await eventually("alpha is joined") { gateway.starts.count == 1 }
                    let visitor = twitch.visitors[0]
                    try await eventually("asked three times") { visitor.joins.count { $0 == "nobody" } == 3 }
                    visitor.send(":\(visitor.nick)!\(visitor.nick)@\(visitor.nick).tmi.twitch.tv PART #alpha")
                    try await eventually("alpha is joined again") { gateway.starts.count == 2 }
                    try await eventually("both refusals are told") { gateway.stops.count == 3 }
                    let file = SessionFile(directory: directory)
                    try await eventually("ended sessions are forgotten") {
                        try await file.remains().sessions.map(\.login) == ["alpha"]
                    }
                    #expect(
                        Set(gateway.stops.map(\.reason)) == ["parted", "refused_suspended", "refused_no_answer"]
                    )
                    #expect(visitor.joins.count { $0 == "closed" } == 1)
                    #expect(twitch.visitors.count == 1)
                }
            }
        }
    }

    @Test func `a stop does not wait for a journal that takes nothing, and the next start tells of it`() async throws {
        try await withTemporaryDirectory { directory in
            try await ScriptedTwitch.running { twitch in
                let gateway = try Gateway(twitch.url, ["alpha"], in: directory)
                // Returns only when the collection has ended: the journal is never drained.
                try await gateway.running {
                    try await eventually("joined") { gateway.starts.count == 1 }
                    gateway.fill()
                    twitch.visitors[0].send((1...100).map { Chat.message($0, in: "alpha", "hello") })
                }
                #expect(gateway.stops.isEmpty)

                let next = try Gateway(twitch.url, ["beta"], in: directory)
                try await next.running {
                    try await eventually("told") { !next.stops.isEmpty }
                    #expect(next.stops.map(\.reason) == ["crashed"])
                    #expect(next.stops.map(\.sessionID) == gateway.starts.map(\.sessionID))
                }
            }
        }
    }

    @Test func `a connection that ended while it was not read ends its sessions where reading ended`() async throws {
        try await withTemporaryDirectory { directory in
            try await ScriptedTwitch.running { twitch in
                var settings = Gateway.Settings()
                settings.timing.absence = .milliseconds(300)
                let gateway = try Gateway(twitch.url, ["alpha"], in: directory, settings)
                try await gateway.running {
                    try await eventually("joined") { gateway.starts.count == 1 }
                    gateway.fill()
                    let full = WallClock.system.now()
                    twitch.visitors[0].send(Chat.message(1, in: "alpha"))
                    twitch.visitors[0].cut()
                    try await eventually("a second has passed in which nothing is read") {
                        WallClock.system.now().rawValue > full.rawValue + 1000
                    }
                    gateway.drain()
                    try await eventually("the end is told") { gateway.stops.count == 1 }
                    #expect(gateway.stops[0].stoppedAt.rawValue < full.rawValue + 800)
                    try await eventually("it listens again") { gateway.starts.count == 2 }
                }
            }
        }
    }

    @Test func `after an absence Twitch is asked whether it is still there, and the session goes on`() async throws {
        try await withTemporaryDirectory { directory in
            try await ScriptedTwitch.running { twitch in
                var settings = Gateway.Settings()
                settings.timing.absence = .milliseconds(300)
                let gateway = try Gateway(twitch.url, ["alpha"], in: directory, settings)
                try await gateway.running {
                    try await eventually("joined") { gateway.starts.count == 1 }
                    gateway.fill()
                    let full = WallClock.system.now()
                    twitch.visitors[0].send(Chat.message(1, in: "alpha"))
                    try await eventually("a second has passed in which nothing is read") {
                        WallClock.system.now().rawValue > full.rawValue + 1000
                    }
                    gateway.drain()
                    try await eventually("it asks") {
                        twitch.visitors[0].lines.contains { $0.hasPrefix("PING :after-absence-") }
                    }
                    let asked = WallClock.system.now()
                    try await eventually("the answer has long been read") {
                        WallClock.system.now().rawValue > asked.rawValue + 200
                    }
                    twitch.visitors[0].cut()
                    try await eventually("the end is told") { gateway.stops.count == 1 }
                    #expect(gateway.stops[0].stoppedAt > asked)
                }
            }
        }
    }

    @Test func `while the journal is full the socket is not read, and nothing is lost`() async throws {
        try await withTemporaryDirectory { directory in
            try await ScriptedTwitch.running { twitch in
                var settings = Gateway.Settings()
                settings.timing = .init(idle: .milliseconds(500), answer: .milliseconds(500), login: .seconds(15))
                let gateway = try Gateway(twitch.url, ["alpha"], in: directory, settings)
                try await gateway.running {
                    try await eventually("joined") { gateway.starts.count == 1 }
                    gateway.fill()
                    let visitor = twitch.visitors[0]
                    let padding = String(repeating: "x", count: 8000)
                    for block in 0..<40 {
                        visitor.send((1...100).map { Chat.message(block * 100 + $0, in: "alpha", padding) })
                    }
                    // 33 MB do not fit into the kernel's buffers: the server keeps them while nobody reads.
                    let full = ContinuousClock.now
                    try await eventually("the patience for a silent server is over") {
                        ContinuousClock.now - full > .milliseconds(1500)
                    }
                    #expect(!visitor.channel.isWritable)
                    #expect(gateway.messageIDs.isEmpty)
                    gateway.drain()
                    try await eventually("all are published") { gateway.messageIDs.count == 4000 }
                    #expect(twitch.visitors.count == 1, "our own silence is not taken for the server's")
                }
            }
        }
    }

    private func old(_ gateway: Gateway) -> Int { gateway.starts.map(\.connection).min() ?? 0 }
    private func new(_ gateway: Gateway) -> Int { gateway.starts.map(\.connection).max() ?? 0 }
}
