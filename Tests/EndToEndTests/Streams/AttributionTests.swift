import Foundation
import GRDB
import TestSupport
import Testing

/// Gateway, poller and writer as real processes: which stream do the stored rows belong to?
@Suite(.serialized) struct AttributionTests {
    /// A stream as it really was.
    private struct Truth: Decodable {
        struct Stream: Decodable {
            var id: String
            var startedAtMilliseconds: Int64
            var offlineAtMilliseconds: Int64?
        }

        var streams: [Stream]
    }

    @Test func `every row belongs to the stream of its time, also when the start is seen late and both are killed`()
        async throws
    {
        try await StreamStack.with(channels: ["quietharbor", "loudlagoon"]) { streams in
            let stack = streams.stack
            try await streams.issueToken()
            try stack.startGateway()
            try stack.startWriter()
            try await stack.joined()
            try await stack.control.setRate(200)
            try await eventually("chat is stored while nobody is live") { stack.rows("chat_messages") > 200 }

            // Helix shows it seconds after it began, as Twitch does.
            let first = try await streams.goLive("quietharbor", ["visible_after_milliseconds": 3000])
            try stack.startPoller(StreamStack.hurried)
            try await eventually("chat has its stream") { try Self.count(stack, "stream_id = '\(first)'") > 100 }
            try await stack.writer?.killNow()
            try await stack.poller?.killNow()
            try stack.startWriter()
            try stack.startPoller(StreamStack.hurried)
            let before = try Self.count(stack, "stream_id = '\(first)'")
            try await eventually("chat goes on") { try Self.count(stack, "stream_id = '\(first)'") > before + 100 }
            try await streams.end("quietharbor")
            try await eventually("the end is stored") {
                try stack.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM streams WHERE ended_at IS NOT NULL") }
                    == 1
            }
            let second = try await streams.goLive("quietharbor")
            try await eventually("the next stream has chat") { try Self.count(stack, "stream_id = '\(second)'") > 100 }
            try await stack.control.setRate(0)
            try await eventually("everything is put right") { try Self.isSettled(stack) }
            try await Self.expectRight(streams, first)
        }
    }

    private static func count(_ stack: Stack, _ condition: String) throws -> Int {
        try stack.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM chat_messages WHERE \(condition)") ?? 0 } ?? 0
    }

    private static func isSettled(_ stack: Stack) throws -> Bool {
        try stack.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM attribution_pending") ?? 0 } == 0
    }

    private static func expectRight(_ streams: StreamStack, _ first: String) async throws {
        let truth: Truth = try await streams.stack.control.call("GET", "streams", [:])
        let began = try #require(truth.streams.first { $0.id == first })
        let ended = try #require(began.offlineAtMilliseconds)
        try streams.stack.read { database in
            for (table, time) in [
                ("chat_messages", "sent_at"), ("chat_notifications", "sent_at"), ("user_banned_events", "banned_at"),
                ("message_deleted_events", "deleted_at"),
            ] {
                let wrong = try Row.fetchAll(
                    database,
                    sql: """
                        SELECT stream_id, count(*), min(\(time)), max(\(time)) FROM \(table) AS row WHERE row.stream_id IS NOT (
                            SELECT stream_id FROM streams WHERE user_id = row.broadcaster_user_id
                                AND started_at <= row.\(time) AND (ended_at IS NULL OR ended_at >= row.\(time))
                            ORDER BY started_at DESC LIMIT 1)
                        GROUP BY stream_id
                        """
                )
                let known = try Row.fetchAll(database, sql: "SELECT stream_id, started_at, ended_at FROM streams")
                #expect(wrong.isEmpty, "\(table): \(wrong) of \(known)")
            }
            func milliseconds(_ column: String) throws -> Int64? {
                try Int64.fetchOne(
                    database,
                    sql: """
                        SELECT CAST(round((julianday(\(column)) - 2440587.5) * 86400000) AS INTEGER)
                        FROM streams WHERE stream_id = ?
                        """,
                    arguments: [first]
                )
            }
            #expect(
                try milliseconds("started_at") == began.startedAtMilliseconds / 1000 * 1000,
                "Helix tells whole seconds"
            )
            let end = try #require(try milliseconds("ended_at"))
            #expect(end <= ended + 1 && end > began.startedAtMilliseconds)
            let early = try Int.fetchOne(
                database,
                sql: """
                    SELECT count(*) FROM chat_messages WHERE stream_id = ?1
                        AND sent_at < (SELECT min(observed_at) FROM stream_samples WHERE stream_id = ?1)
                    """,
                arguments: [first]
            )
            #expect(early ?? 0 > 0, "what was said before the poller saw the stream belongs to it")
        }
    }
}
