import Foundation
import GRDB
import TestSupport
import Testing

/// What Twitch and the network do to a connection, and what is in the database afterwards.
@Suite(.serialized) struct FaultTests {
    /// Messages with an id of Twitch's. Garbage that is a message has none and is kept under the event's id.
    private static let numbered = "(SELECT id FROM chat_messages WHERE id NOT LIKE 'gw-%')"

    @Test func `a planned RECONNECT under load loses and doubles nothing`() async throws {
        try await Stack.with { stack in
            try await stack.startAndJoin()
            try await stack.control.setRate(600)
            try await eventually("rows come") { stack.rows("chat_messages") > 500 }
            try await stack.control.inflict("reconnect", ["close_after_milliseconds": 20_000])
            try await eventually(
                "every channel has moved; the gateway said: \(stack.gateway?.errorOutput.suffix(500) ?? "")"
            ) {
                try stack.sessions("WHERE stop_reason = 'moved'") == stack.channels.count
                    && stack.sessions("WHERE stop_reason IS NULL") == stack.channels.count
            }
            try await stack.control.setRate(0)
            let statistics = try await stack.control.statistics()
            try await stack.expectStored(
                statistics.messageIDs,
                table: "(SELECT id FROM chat_messages UNION ALL SELECT id FROM chat_notifications)"
            )
            #expect(statistics.unheard == 0)
            #expect(statistics.violationCount == 0)
            #expect(stack.rows("collection_gaps") == 0)
            let overlapping = try stack.sessions(
                """
                old JOIN collection_sessions new USING (broadcaster_user_login)
                WHERE old.stop_reason = 'moved' AND new.stop_reason IS NULL AND new.started_at <= old.stopped_at
                """
            )
            #expect(overlapping == stack.channels.count)
        }
    }

    @Test(arguments: ["frame", "fin", "reset"])
    func `a connection that is cut is on record, and a new one follows`(_ how: String) async throws {
        try await Stack.with { stack in
            try await stack.startAndJoin()
            let before = try await stack.control.burst(stack.channels, 300).ids
            try await stack.expectStored(before)
            try await stack.control.inflict("close", ["how": how])
            try await eventually("the loss and the return are on record") {
                try stack.sessions("WHERE stop_reason = 'connection_lost'") == stack.channels.count
                    && stack.sessions("WHERE stop_reason IS NULL") == stack.channels.count
            }
            try await stack.joined()
            let after = try await stack.control.burst(stack.channels, 300).ids
            try await stack.expectStored(before.union(after))
            let warnings = stack.gateway?.warnings ?? []
            #expect(warnings.count == 1, "\(warnings)")
        }
    }

    @Test func `a silent connection is noticed and replaced`() async throws {
        try await Stack.with(channels: ["quietharbor"]) { stack in
            try await stack.startAndJoin()
            try await stack.control.inflict("half-open")
            try await eventually("it joined again") {
                try stack.sessions("WHERE stop_reason = 'connection_lost'") == 1
            }
            try await stack.joined()
            #expect(stack.gateway?.warnings.contains { $0.contains("no answer to PING") } == true)
            let hole = try await stack.coverage().first?.holes.last
            #expect(hole?.causes == ["connection_lost"])
            #expect(hole?.seconds ?? 0 > 20, "the hole begins with the silence, not where it was noticed")
            try await stack.expectStored(try await stack.control.burst(stack.channels, 300).ids)
        }
    }

    @Test func `a stall that ends costs nothing`() async throws {
        try await Stack.with { stack in
            try await stack.startAndJoin()
            try await stack.control.inflict("stall", ["duration_milliseconds": 2_000])
            try await stack.expectStored(try await stack.control.burst(stack.channels, 2_000).ids)
            let statistics = try await stack.control.statistics()
            #expect(statistics.connectionsOpened == 1)
        }
    }

    @Test func `garbage is survived and duplicates are stored once`() async throws {
        try await Stack.with { stack in
            try await stack.startAndJoin()
            var offered = try await stack.control.burst(stack.channels, 600).ids
            try await stack.control.inflict("garbage", ["count": 50])
            try await stack.control.inflict("duplicate", ["lines": 200])
            offered.formUnion(try await stack.control.burst(stack.channels, 600).ids)
            try await stack.control.inflict("duplicate", ["lines": 200])
            try await stack.expectStored(offered, table: Self.numbered)
            let statistics = try await stack.control.statistics()
            #expect(statistics.connectionsOpened == 1)
            try await stack.control.inflict("garbage", ["what": ["stray-continuation"]])
            try await eventually("it connected again") { try await stack.control.statistics().connectionsOpened == 2 }
            try await stack.joined()
            offered.formUnion(try await stack.control.burst(stack.channels, 600).ids)
            try await stack.expectStored(offered, table: Self.numbered)
            #expect(stack.gateway?.isRunning == true)
            #expect(stack.rows("dead_letters") == 0)
        }
    }
}

extension Stack {
    /// Starts both services and waits until every channel is joined.
    fileprivate func startAndJoin() async throws {
        try startWriter()
        try startGateway()
        try await joined()
    }
}
