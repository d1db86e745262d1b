import Foundation
import TestSupport
import Testing

/// Several gateways, found by each other below one `STATE_DIR`.
@Suite(.serialized) struct GatewayPairTests {
    /// How often one of the pair is killed; `GATEWAY_KILLS=20 make test` for more than a short look.
    private static let kills = ProcessInfo.processInfo.environment["GATEWAY_KILLS"].flatMap { Int($0) } ?? 2

    @Test func `of a pair either may die, and every line that was offered is stored once`() async throws {
        try await Stack.with { stack in
            let pair = ["GATEWAY_REPLICAS": "2"]
            try stack.startWriter()
            var first = try stack.startGateway("first", pair)
            var second = try stack.startGateway("second", pair)
            try await stack.readers(2, "at the start")
            try await stack.control.setRate(400)
            for _ in 0..<Self.kills {
                let before = stack.rows("chat_messages")
                try await eventually("chat flows") { stack.rows("chat_messages") > before + 800 }
                try await first.killNow()
                let alone = stack.rows("chat_messages")
                try await eventually("the other one goes on") { stack.rows("chat_messages") > alone + 800 }
                first = try stack.startGateway("first", pair)
                try await stack.readers(2, "after one was started again")
                swap(&first, &second)
            }
            try await stack.control.setRate(0)
            try await stack.expectAllOffered()
            #expect(stack.rows("collection_gaps") == 0)
        }
    }

    @Test func `a pair's copies meet whichever writer has them, also while writers come and go`() async throws {
        try await PostgresStack.with(channels: 16) { postgres in
            let stack = postgres.stack
            let pair = ["GATEWAY_REPLICAS": "2", "IRC_JOIN_LIMIT": "20"]
            for _ in 0..<3 { try postgres.startWriter() }
            let first = try stack.startGateway("first", pair)
            try stack.startGateway("second", pair)
            try await stack.readers(2, "at the start")
            try await postgres.shared(by: 3)
            // Nothing but the rule for copies keeps a ban from being stored twice.
            _ = try await postgres.query("DROP INDEX key_user_banned_events")
            async let moderation = stack.control.burst(stack.channels, 600, kinds: ["CLEARCHAT"])
            async let chat = stack.control.burst(stack.channels, 6_000, kinds: nil)
            let before = await postgres.count("SELECT count(*) FROM user_banned_events")
            try await eventually("they are in the middle of it") {
                await postgres.count("SELECT count(*) FROM user_banned_events") > before
            }
            try await postgres.all[0].killNow()
            try postgres.startWriter()
            _ = try await (moderation, chat)
            try await first.killNow()
            _ = try await stack.control.burst(stack.channels, 2_000, kinds: nil)
            try await postgres.expectAllOffered()
            let copies = await postgres.count("SELECT count(*) FROM user_banned_events WHERE copies IS NOT NULL")
            #expect(copies > 0, "both gateways told bans")
        }
    }

    @Test func `without replicas each channel has one reader, also when one gateway dies and comes back`() async throws
    {
        let channels = (1...12).map { "harbor_\($0)" }
        try await Stack.with(channels: channels, simulator: ["--join-limit", "1000"]) { stack in
            let settings = ["IRC_JOIN_LIMIT": "500", "LOG_LEVEL": "info"]
            try stack.startWriter()
            let first = try stack.startGateway("first", settings)
            let second = try stack.startGateway("second", settings)
            try await stack.readers(1, "at the start")
            try await shares(of: [first, second], stack)
            try await second.killNow()
            try await stack.readers(1, "after a gateway died")
            var offered = try await stack.control.burst(channels, 500).ids
            try await stack.expectStored(offered)

            let third = try stack.startGateway("third", settings)
            try await shares(of: [first, third], stack)
            try await stack.readers(1, "after another came")
            offered.formUnion(try await stack.control.burst(channels, 500).ids)
            try await stack.expectStored(offered)
            try await eventually("who left a channel to another has said so") {
                try stack.sessions("WHERE stop_reason = 'handed_over'") > 0
            }

            #expect(try await first.stop() == 0)
            try await stack.readers(1, "after a gateway was stopped")
            offered.formUnion(try await stack.control.burst(channels, 500).ids)
            try await stack.expectStored(offered)
            // A dead gateway's sessions are ended by another one, once it is sure that nobody comes back to them.
            try await eventually("one session of each channel is open") {
                try stack.sessions("WHERE stop_reason IS NULL") == channels.count
            }
        }
    }

    @Test func `a gateway that is stopped goes on until the other one has joined its channels`() async throws {
        let channels = (1...12).map { "harbor_\($0)" }
        try await Stack.with(channels: channels, simulator: ["--join-limit", "1000"]) { stack in
            let settings = ["IRC_JOIN_LIMIT": "500"]
            try stack.startWriter()
            let first = try stack.startGateway("first", settings)
            var second = try stack.startGateway("second", settings)
            try await stack.readers(1, "at the start")
            try await shares(of: [first, second], stack)
            try await stack.control.setRate(300)
            for round in 0..<2 {
                let before = stack.rows("chat_messages")
                try await eventually("chat flows") { stack.rows("chat_messages") > before + 300 }
                #expect(try await second.stop() == 0)
                try await stack.readers(1, "after one has left, round \(round)")
                second = try stack.startGateway("second", settings)
                try await shares(of: [first, second], stack)
            }
            try await stack.control.setRate(0)
            try await stack.expectAllOffered()
            #expect(stack.rows("collection_gaps") == 0)
        }
    }

    /// Waits until these gateways listen to all channels, none of them to all.
    private func shares(of gateways: [RunningProgram], _ stack: Stack) async throws {
        try await eventually("the gateways share the channels") {
            var joined: [Int] = []
            for gateway in gateways {
                let page = try? await Readiness.page("metrics", of: gateway, stateDirectory: stack.directory + "/state")
                let line = page?.split(separator: "\n").first { $0.hasPrefix("irc_channels_joined ") }
                joined.append(line.flatMap { Int($0.split(separator: " ")[1]) } ?? 0)
            }
            return joined.allSatisfy { $0 > 0 } && joined.reduce(0, +) == stack.channels.count
        }
    }
}
