import EventStore
import GRDB
import Protocol
import SQLiteStore
import TestSupport
import Testing

@Suite struct SQLiteArchiveReaderTests {
    private static func fill(_ harness: SQLiteHarness) async throws {
        let store = try harness.makeStore()
        try await StatisticsScenario.fill(store)
        await store.close()
    }

    @Test func `a stream's figures are those of what was told, without other rooms and other times`() async throws {
        try await withSQLiteHarness { harness in
            try await Self.fill(harness)
            let reader = try SQLiteArchiveReader(path: harness.path)
            let statistics = try #require(try await reader.statistics(of: "40000000001"))
            #expect(statistics.stream.endedAt == StatisticsScenario.at(60) && !statistics.isLive)
            #expect(statistics.durationSeconds == 3600)
            #expect(statistics.messages.total == 31 && statistics.messages.fromSharedChat == 1)
            #expect(statistics.messages.uniqueChatters == 2)
            #expect(statistics.messages.buckets.count == 61 && statistics.messages.buckets[5] == 2)
            #expect(statistics.topChatters.map(\.userLogin) == ["mina", "olaf"])
            #expect(statistics.topChatters.map(\.messages) == [27, 3])
            #expect(statistics.bans == .init(events: 2, users: 1, permanent: 0, timeouts: 2))
            #expect(statistics.deletions == .init(messages: 1, users: 1))
            #expect(statistics.support.bits == 250 && statistics.support.resubscriptions == 1)
            #expect(statistics.viewers.peak == 12 && statistics.viewers.samples == 1)
            let coverage = try #require(statistics.coverage)
            #expect(coverage.share == 0.75 && coverage.holes.count == 1 && !coverage.isAtLeast)
        }
    }

    @Test func `a channel is found by its login now and earlier, and an unknown one is not empty`() async throws {
        try await withSQLiteHarness { harness in
            try await Self.fill(harness)
            try await StatisticsScenario.checkChannel(by: SQLiteArchiveReader(path: harness.path))
        }
    }

    @Test func `a session without a stop counts until its gateway was last heard of`() async throws {
        try await withSQLiteHarness { harness in
            let clock = WallClock { StatisticsScenario.at(30) }
            let store = SQLiteStore(SQLiteStore.Configuration(path: harness.path, clock: clock))
            try await StatisticsScenario.fillWithOpenSession(store)
            await store.close()
            try await StatisticsScenario.checkOpenSession(by: SQLiteArchiveReader(path: harness.path))
        }
    }

    @Test func `coverage knows each hole's cause, all names of a channel and what journals lost`() async throws {
        try await withSQLiteHarness { harness in
            let store = try harness.makeStore()
            try await CoverageScenario.fill(store)
            await store.close()
            try await CoverageScenario.check(by: SQLiteArchiveReader(path: harness.path))
        }
    }

    @Test func `the figures of a stream come from indexes, not from its rows`() async throws {
        try await withSQLiteHarness { harness in
            try await Self.fill(harness)
            for query in [
                "SELECT count(*) FROM chat_messages WHERE stream_id = 'x'",
                "SELECT chatter_user_id FROM chat_messages WHERE stream_id = 'x' AND source_broadcaster_user_id IS NULL",
                "SELECT count(*) FROM chat_messages WHERE stream_id = 'x' AND sent_at >= 'a' AND sent_at < 'b'",
            ] {
                let plan = try await harness.rows("EXPLAIN QUERY PLAN \(query)").flatMap { $0.compactMap(\.self) }
                #expect(plan.contains { $0.contains("COVERING INDEX idx_chat_stream_id") }, "\(plan)")
            }
        }
    }

    @Test func `a file of an older version is named as such`() async throws {
        try await withSQLiteHarness { harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            await store.close()
            _ = try await harness.rows("DELETE FROM schema_migrations WHERE name = '0002-streams'")
            #expect {
                try SQLiteArchiveReader(path: harness.path)
            } throws: { error in
                (error as? EventStoreError)?.code == .incompatible && "\(error)".contains("start the writer once")
            }
        }
    }
}
