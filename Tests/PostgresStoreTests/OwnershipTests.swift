import EventStore
import PostgresStore
import Protocol
import TestSupport
import Testing

/// Who writes which partition, on a real server.
@Suite struct OwnershipTests {
    private static let all = Set(0..<Partition.count)

    private func terminateBackends(_ harness: PostgresHarness, application: String) async throws {
        _ = try await harness.rows(
            """
            SELECT pg_terminate_backend(pid, 20000) FROM pg_stat_activity
            WHERE application_name = '\(application)' AND datname = current_database()
            """
        )
    }

    @Test func `alone a writer has all, two have a half each, and the rest is taken when one goes`() async throws {
        try await withPostgresHarness { harness in
            let one = try harness.store()
            let two = try harness.store()
            _ = try await one.open()
            _ = try await two.open()
            #expect(try await one.rebalance() == Self.all)
            let nothing = try await two.rebalance()
            #expect(nothing == [])
            let first = try await one.rebalance()
            let second = try await two.rebalance()
            #expect(first.count == 16 && second.count == 16 && first.isDisjoint(with: second))
            await two.close()
            try await eventually("the first has all again") { try await one.rebalance() == Self.all }
            await one.close()
        }
    }

    @Test func `a writer whose session was ended has nothing until it has taken it again`() async throws {
        try await withPostgresHarness { harness in
            let paused = try harness.store { $0.application = "paused" }
            let other = try harness.store { $0.application = "other" }
            _ = try await paused.open()
            _ = try await other.open()
            #expect(try await paused.rebalance() == Self.all)
            try await terminateBackends(harness, application: "paused")
            #expect(try await other.rebalance() == Self.all)

            var events = ConformanceEvents()
            let batch = events.batch([events.next(.chatMessage(ConformanceEvents.message("a")))], base: .zero).batch
            #expect(try await other.commit(batch) == .committed(inserted: 1, duplicates: 0))
            await #expect(throws: EventStoreError.self, "the connection is gone") { try await paused.commit(batch) }
            #expect(try await paused.commit(batch) == .fenced, "a new session has no locks")
            #expect(try await paused.rebalance() == [])
            #expect(try await paused.commit(batch) == .fenced)
            #expect(try await harness.rows("SELECT count(*) FROM chat_messages") == [["1"]])
            await paused.close()
            await other.close()
        }
    }

    @Test func `who has a partition writes it of every producer, so that two readers' copies meet`() async throws {
        try await withPostgresHarness { harness in
            let one = try harness.store()
            let two = try harness.store()
            _ = try await one.open()
            _ = try await two.open()
            _ = try await one.rebalance()
            _ = try await two.rebalance()
            let first = try await one.rebalance()
            _ = try await two.rebalance()
            var readers = [ConformanceEvents(producer: "gw-first"), ConformanceEvents(producer: "gw-second")]
            let (owner, other) = first.contains(readers[0].partition) ? (one, two) : (two, one)
            for index in readers.indices {
                let batch = readers[index].batch([readers[index].next(.ban(ConformanceEvents.timeout))], base: .zero)
                    .batch
                #expect(try await other.commit(batch) == .fenced)
                #expect(try await owner.commit(batch) == .committed(inserted: 1 - index, duplicates: index))
            }
            await one.close()
            await two.close()
        }
    }

    @Test func `two archives in one database do not share their partitions`() async throws {
        try await withPostgresHarness { harness in
            _ = try await harness.rows("CREATE SCHEMA second")
            let uri = harness.server.uri(harness.database) + "?options=-csearch_path%3Dsecond"
            let address = try PostgresAddress(uri: uri)
            let one = try harness.store()
            let two = try harness.store { $0.address = address }
            #expect(try await one.open() != two.open())
            #expect(try await one.rebalance() == Self.all)
            #expect(try await two.rebalance() == Self.all)
            await one.close()
            await two.close()
        }
    }
}
