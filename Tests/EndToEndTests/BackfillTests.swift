import AsyncHTTPClient
import Foundation
import GRDB
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

/// Chat goes on while nobody listens; a history service is asked for it afterwards.
@Suite(.serialized) struct BackfillTests {
    /// Numbered lines are messages and notifications.
    private static let numbered = "(SELECT id FROM chat_messages UNION ALL SELECT id FROM chat_notifications)"

    @Test(arguments: ["cut", "killed", "stopped"])
    func `with BACKFILL_URL every line of a hole is stored, and the hole is closed with proof`(
        _ how: String
    ) async throws {
        try await Stack.with(channels: ["quietharbor", "loudlagoon"]) { stack in
            let settings = ["BACKFILL_URL": stack.history]
            try await Self.leaveHole(in: stack, settings, how)
            try await eventually(
                "both holes are closed; the gateway said: \(stack.gateway?.errorOutput.suffix(800) ?? "")"
            ) { try Self.backfills(stack).count == 2 }
            try await stack.control.setRate(0)
            let offered = try await stack.control.statistics().messageIDs
            try await stack.expectStored(offered, table: Self.numbered)
            let backfills = try Self.backfills(stack)
            #expect(backfills == ["1 yes yes ", "1 yes yes "])
            let marked = try stack.read { database in
                try Int.fetchOne(database, sql: "SELECT count(*) FROM chat_messages WHERE backfilled") ?? 0
            }
            #expect(marked ?? 0 > 10)
            for channel in try await stack.coverage() {
                let cause = ["cut": "connection_lost", "killed": "crashed"][how] ?? "shutdown"
                let hole = channel.holes.last { $0.causes == [cause] }
                #expect(hole?.backfill == "complete" && channel.holes.count == 2, "\(channel)")
            }
        }
    }

    @Test func `without it the hole is listed, and what was said in it is missing`() async throws {
        try await Stack.with(channels: ["quietharbor", "loudlagoon"]) { stack in
            try await Self.leaveHole(in: stack, [:], "cut")
            try await eventually("both are listened to again") {
                try await stack.coverage().filter { $0.holes.count == 2 }.count == 2
            }
            try await stack.control.setRate(0)
            let offered = try await stack.control.statistics().messageIDs
            for channel in try await stack.coverage() {
                let hole = channel.holes.last
                #expect(hole?.causes == ["connection_lost"] && hole?.backfill == nil)
                #expect(hole?.seconds ?? 0 > 2)
            }
            #expect(stack.rows(Self.numbered) < offered.count)
            #expect(stack.rows("collection_backfills") == 0)
        }
    }

    @Test func `a service that refuses closes nothing, and its reason is on record`() async throws {
        try await Stack.with(channels: ["quietharbor", "loudlagoon"]) { stack in
            try await Self.leaveHole(in: stack, ["BACKFILL_URL": stack.history], "cut") {
                try await stack.control.inflict(
                    "history",
                    ["status": 403, "message": "channel_ignored", "duration_milliseconds": 600_000]
                )
            }
            try await eventually("both refusals are on record") { try Self.backfills(stack).count == 2 }
            let backfills = try Self.backfills(stack)
            #expect(backfills == ["0 no no channel_ignored", "0 no no channel_ignored"])
            for channel in try await stack.coverage() { #expect(channel.holes.allSatisfy { $0.backfill == nil }) }
        }
    }

    /// Lets chat go on for some seconds in which nobody listens.
    private static func leaveHole(
        in stack: Stack,
        _ settings: [String: String],
        _ how: String,
        prepare: () async throws -> Void = {}
    ) async throws {
        // Somebody has asked the service for these channels before: it remembers them.
        for channel in stack.channels {
            let answer = try await HTTPClient.shared.execute(
                HTTPClientRequest(url: "\(stack.history)/\(channel)"),
                timeout: .seconds(30)
            )
            #expect(answer.status == .ok)
        }
        try await prepare()
        try stack.startWriter()
        try stack.startGateway(settings)
        try await stack.joined()
        try await stack.control.setRate(60)
        try await eventually("rows come") { stack.rows("chat_messages") > 60 }
        let before = try await stack.control.statistics().messageIDs.count
        switch how {
        case "cut":
            try await stack.control.inflict("delay-join", ["duration_milliseconds": 3000, "count": 2])
            try await stack.control.inflict("close", ["how": "reset"])
        case "killed": try await stack.gateway?.killNow()
        default: _ = try await stack.gateway?.stop()
        }
        try await eventually("chat goes on without us") {
            try await stack.control.statistics().messageIDs.count > before + 100
        }
        if how != "cut" { try stack.startGateway(settings) }
        try await stack.joined()
    }

    /// Whether each is complete, has its two messages, and why it failed.
    private static func backfills(_ stack: Stack) throws -> [String] {
        guard stack.rows("collection_backfills") > 0 else { return [] }
        return try stack.read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT is_complete || CASE WHEN message_before IS NULL THEN ' no' ELSE ' yes' END
                        || CASE WHEN message_after IS NULL THEN ' no ' ELSE ' yes ' END || coalesce(failure, '')
                    FROM collection_backfills
                    """
            )
        } ?? []
    }
}
