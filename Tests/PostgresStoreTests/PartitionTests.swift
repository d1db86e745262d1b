import EventStore
import PostgresStore
import Protocol
import TestSupport
import Testing

/// The monthly partitions of `chat_messages` on a real server.
@Suite struct PartitionTests {
    private static let now = Timestamp("2026-11-22T10:00:00.000Z") ?? .init(rawValue: 0)
    private static let partitions = """
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'chat_messages'::regclass ORDER BY 1
        """

    private func message(_ id: String, _ time: String) throws -> ChatMessage {
        var message = ConformanceEvents.message(id)
        message.sentAt = try #require(Timestamp(time))
        return message
    }

    @Test func `messages of any time have their place, also late ones and impossible ones`() async throws {
        try await withPostgresHarness { harness in
            let store = try harness.store { $0.clock = WallClock { Self.now } }
            _ = try await store.open()
            #expect(
                try await harness.rows(Self.partitions) == [
                    ["chat_messages_2026_11"], ["chat_messages_2026_12"], ["chat_messages_2027_01"],
                    ["chat_messages_other"],
                ]
            )
            var events = ConformanceEvents()
            let envelopes = try [
                ("a", "2026-11-30T23:59:59.999Z"), ("b", "2026-12-01T00:00:00.000Z"),
                ("c", "2019-05-05T05:05:05.555Z"), ("d", "2005-01-01T00:00:00.000Z"), ("e", "2600-01-01T00:00:00.000Z"),
            ].map { events.next(.chatMessage(try message($0.0, $0.1))) }
            let batch = events.batch(envelopes, base: .zero).batch
            #expect(try await store.commit(batch) == .committed(inserted: 5, duplicates: 0))
            #expect(
                try await harness.rows("SELECT id, tableoid::regclass FROM chat_messages ORDER BY id") == [
                    ["a", "chat_messages_2026_11"], ["b", "chat_messages_2026_12"], ["c", "chat_messages_2019_05"],
                    ["d", "chat_messages_other"], ["e", "chat_messages_other"],
                ]
            )
            await store.close()
        }
    }

    @Test func `a month that comes into reach takes its messages back from the default partition`() async throws {
        try await withPostgresHarness { harness in
            var store = try harness.store { $0.clock = WallClock { Self.now } }
            _ = try await store.open()
            var events = ConformanceEvents()
            let early = try message("early", "2029-03-03T00:00:00.000Z")
            _ = try await store.commit(events.batch([events.next(.chatMessage(early))], base: .zero).batch)
            await store.close()
            let later = try #require(Timestamp("2029-02-01T00:00:00.000Z"))
            store = try harness.store { $0.clock = WallClock { later } }
            _ = try await store.open()
            #expect(
                try await harness.rows("SELECT id, tableoid::regclass FROM chat_messages")
                    == [["early", "chat_messages_2029_03"]]
            )
            await store.close()
        }
    }

    @Test func `retention drops the months and rows that are too old, and nothing else`() async throws {
        try await withPostgresHarness { harness in
            var store = try harness.store { $0.clock = WallClock { Self.now } }
            _ = try await store.open()
            var events = ConformanceEvents()
            var oldBan = ConformanceEvents.timeout
            oldBan.bannedAt = try #require(Timestamp("2026-01-01T00:00:00.000Z"))
            let envelopes =
                try [
                    ("old", "2026-09-30T23:59:59.999Z"), ("kept", "2026-10-01T00:00:00.000Z"),
                    ("new", "2026-11-21T00:00:00.000Z"), ("odd", "2005-01-01T00:00:00.000Z"),
                ].map { events.next(.chatMessage(try message($0.0, $0.1))) }
                + [events.next(.ban(oldBan)), events.next(.ban(ConformanceEvents.timeout))]
            _ = try await store.commit(events.batch(envelopes, base: .zero).batch)
            await store.close()
            store = try harness.store {
                $0.clock = WallClock { Self.now }
                $0.retentionDays = 30
            }
            _ = try await store.open()
            #expect(try await harness.rows("SELECT id FROM chat_messages ORDER BY id") == [["kept"], ["new"]])
            #expect(try await harness.rows("SELECT count(*) FROM user_banned_events") == [["1"]])
            #expect(try await harness.rows(Self.partitions).contains(["chat_messages_2026_09"]) == false)
            await store.close()
        }
    }

    @Test func `a long query of a reader keeps nobody from writing into a new month`() async throws {
        try await withPostgresHarness { harness in
            let store = try harness.store { $0.clock = WallClock { Self.now } }
            _ = try await store.open()
            // A reader's transaction holds a lock on every partition until it ends.
            let reader = Task {
                try await harness.rows("BEGIN; SELECT count(*) FROM chat_messages; SELECT pg_sleep(600)")
            }
            try await eventually("the reader reads") {
                try await harness.rows(
                    "SELECT count(*) FROM pg_locks WHERE relation = 'chat_messages_other'::regclass"
                ) != [["0"]]
            }
            var events = ConformanceEvents()
            let late = try message("late", "2026-08-01T00:00:00.000Z")
            #expect(
                try await store.commit(events.batch([events.next(.chatMessage(late))], base: .zero).batch)
                    == .committed(inserted: 1, duplicates: 0)
            )
            #expect(
                try await harness.rows("SELECT tableoid::regclass FROM chat_messages") == [["chat_messages_other"]]
            )
            _ = try await harness.rows(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)' AND pid <> pg_backend_pid()"
            )
            _ = await reader.result
            await store.close()
        }
    }

    @Test func `a message without a time of its own is recognised by its id`() async throws {
        try await withPostgresHarness { harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            var events = ConformanceEvents()
            let envelopes = (0..<3).map { delay in
                var message = ConformanceEvents.message("a")
                message.receivedAt = Timestamp(rawValue: message.receivedAt.rawValue + Int64(delay) * 40)
                message.sentAt = message.receivedAt
                return events.next(.chatMessage(message))
            }
            let first = events.batch(Array(envelopes[..<2]), base: .zero).batch
            #expect(try await store.commit(first) == .committed(inserted: 1, duplicates: 1))
            let second = events.batch([envelopes[2]], base: first.advances[0].next).batch
            #expect(try await store.commit(second) == .committed(inserted: 0, duplicates: 1))
            await store.close()
        }
    }
}
