import Foundation
import GRDB
import TestSupport
import Testing

/// What both engines hold after they were written from one journal.
@Suite(.serialized) struct SameArchiveTests {
    @Test func `both engines hold the same after the same events of all kinds`() async throws {
        try await PostgresStack.with(channels: 6) { postgres in
            try postgres.stack.startGateway()
            try await postgres.stack.joined()
            try postgres.stack.startWriter()
            var messages = 0
            for _ in 0..<3 {
                let burst = try await postgres.stack.control.burst(postgres.stack.channels, 1_500, kinds: nil)
                messages += burst.offered.values.reduce(0) { $0 + ($1.kinds["PRIVMSG"] ?? 0) }
            }
            try await postgres.stack.control.inflict("garbage", ["count": 30])
            messages += try await postgres.stack.control.burst(postgres.stack.channels, 100).lines
            try await firstHasRead(messages, postgres)
            // A journal is kept for one database: the second takes the place of the first, and gets everything again.
            try postgres.startWriter(["WRITER_NEW_ARCHIVE": "true"])
            try await bothHaveRead(messages, postgres)
            let filled = try await ArchiveComparison.expectSame(postgres)
            #expect(filled >= 8, "events of many kinds were stored")
        }
    }

    private static let offsets = "SELECT producer, partition, \"offset\" FROM bus_offsets ORDER BY 1, 2"

    /// Waits until the first holds so many messages, and stands where it is for three looks.
    private func firstHasRead(_ messages: Int, _ postgres: PostgresStack) async throws {
        var seen: [[String]] = []
        var quietLooks = 0
        try await eventually("the first has read the whole journal", within: .seconds(120), every: .milliseconds(500)) {
            guard postgres.stack.rows("chat_messages") >= messages else { return false }
            let now = try ours(postgres)
            quietLooks = now == seen ? quietLooks + 1 : 0
            seen = now
            return quietLooks >= 3
        }
    }

    /// Waits until both hold so many messages and stand at the same offsets.
    private func bothHaveRead(_ messages: Int, _ postgres: PostgresStack) async throws {
        let words = { postgres.all.map { $0.errorOutput.suffix(600) }.joined(separator: "\n") }
        try await eventually(
            "both have read the whole journal; the second said: \(words())",
            within: .seconds(120),
            every: .milliseconds(500)
        ) {
            guard await postgres.count("SELECT count(*) FROM chat_messages") >= messages,
                let theirs = try? await postgres.query(Self.offsets).map({ $0.compactMap(\.self) })
            else { return false }
            return try theirs == ours(postgres)
        }
    }

    private func ours(_ postgres: PostgresStack) throws -> [[String]] {
        try postgres.stack.read { database in
            try Row.fetchAll(database, sql: Self.offsets).map { row in
                Array(row.databaseValues).compactMap(ArchiveComparison.text)
            }
        } ?? []
    }
}
