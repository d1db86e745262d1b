import EventStore
import PostgresStore
import Protocol
import Synchronization
import TestSupport
import Testing

/// Who writes which partition, on a real server.
@Suite struct OwnershipTests {
    private static let all = Set(0..<Partition.count)
    private static let heard = [ConformanceEvents.heard]

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
            #expect(try await one.rebalance(hearing: Self.heard).partitions == Self.all)
            let nothing = try await two.rebalance(hearing: Self.heard).partitions
            #expect(nothing == [])
            let first = try await one.rebalance(hearing: Self.heard).partitions
            let second = try await two.rebalance(hearing: Self.heard).partitions
            #expect(first.count == 16 && second.count == 16 && first.isDisjoint(with: second))
            await two.close()
            try await eventually("the first has all again") {
                try await one.rebalance(hearing: Self.heard).partitions == Self.all
            }
            await one.close()
        }
    }

    @Test func `a writer whose session was ended has nothing until it has taken it again`() async throws {
        try await withPostgresHarness { harness in
            let paused = try harness.store { $0.application = "paused" }
            let other = try harness.store { $0.application = "other" }
            _ = try await paused.open()
            _ = try await other.open()
            #expect(try await paused.rebalance(hearing: Self.heard).partitions == Self.all)
            try await terminateBackends(harness, application: "paused")
            #expect(try await other.rebalance(hearing: Self.heard).partitions == Self.all)

            var events = ConformanceEvents()
            let batch = events.batch([events.next(.chatMessage(ConformanceEvents.message("a")))], base: .zero).batch
            #expect(try await other.commit(batch) == .committed(inserted: 1, duplicates: 0))
            await #expect(throws: EventStoreError.self, "the connection is gone") { try await paused.commit(batch) }
            #expect(try await paused.commit(batch) == .fenced, "a new session has no locks")
            #expect(try await paused.rebalance(hearing: Self.heard).partitions == [])
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
            let both = ["gw-first", "gw-second"].map { HeardProducer(producer: $0, service: "irc-gateway") }
            _ = try await one.rebalance(hearing: both)
            _ = try await two.rebalance(hearing: both)
            let first = try await one.rebalance(hearing: both).partitions
            _ = try await two.rebalance(hearing: both)
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

    private func voice(_ name: String, heads: [Int: Offset] = [:]) -> HeardProducer {
        HeardProducer(producer: name, service: "irc-gateway", heads: heads)
    }

    /// The default of two machines: each writer hears its own gateway only.
    @Test func `where nobody hears everybody each writes all of the producer that it hears`() async throws {
        try await withPostgresHarness { harness in
            let one = try harness.store()
            let two = try harness.store()
            _ = try await one.open()
            _ = try await two.open()
            let (own, foreign) = ([voice("gw-own")], [voice("gw-foreign")])
            try await eventually("each has all of its own", within: .seconds(20)) {
                let first = try await one.rebalance(hearing: own)
                let second = try await two.rebalance(hearing: foreign)
                return first.producers == ["gw-own": Self.all] && second.producers == ["gw-foreign": Self.all]
                    && first.partitions.count == 16 && first.elsewhere == ["gw-foreign"]
            }
            // What both tell is stored once, though two writers write it.
            var readers = [ConformanceEvents(producer: "gw-own"), ConformanceEvents(producer: "gw-foreign")]
            for (index, store) in [one, two].enumerated() {
                let batch = readers[index].batch([readers[index].next(.ban(ConformanceEvents.timeout))], base: .zero)
                    .batch
                #expect(try await store.commit(batch) == .committed(inserted: 1 - index, duplicates: index))
            }
            await one.close()
            await two.close()
        }
    }

    @Test func `who hears nothing keeps nobody from anything, and hears again what is its own`() async throws {
        try await withPostgresHarness { harness in
            let one = try harness.store()
            let deaf = try harness.store()
            _ = try await one.open()
            _ = try await deaf.open()
            let heard = [voice("gw-a"), voice("gw-b")]
            try await eventually("the other writes everything", within: .seconds(20)) {
                let first = try await one.rebalance(hearing: heard)
                let second = try await deaf.rebalance(hearing: [])
                return first.producers == ["gw-a": Self.all, "gw-b": Self.all] && second.producers == [:]
                    && second.partitions.count == 16
            }
            let back = try await deaf.rebalance(hearing: heard)
            let rest = try await one.rebalance(hearing: heard)
            #expect(back.producers["gw-a"] == back.partitions && back.partitions.count == 16)
            #expect(rest.producers["gw-a"] == Self.all.subtracting(back.partitions))
            await one.close()
            await deaf.close()
        }
    }

    @Test func `a producer that nobody hears any more is told of, with what waits, and is no obstacle`() async throws {
        try await withPostgresHarness { harness in
            var time = Timestamp(milliseconds: 1_800_000_000_000)
            let clock = Mutex(time)
            let store = try harness.store { $0.clock = WallClock { clock.withLock { $0 } } }
            _ = try await store.open()
            var events = ConformanceEvents(producer: "gw-gone")
            let first = events.next(.ban(ConformanceEvents.timeout))
            let gone = voice("gw-gone", heads: [7: Offset(epoch: first.offset.epoch, sequence: 9)])
            let before = try await store.rebalance(hearing: [gone, voice("gw-here")])
            #expect(before.unheard == [])
            _ = try await store.commit(events.batch([first], base: .zero).batch)
            time = Timestamp(milliseconds: time.rawValue + 60_000)
            clock.withLock { $0 = time }
            let after = try await store.rebalance(hearing: [voice("gw-here")])
            #expect(after.producers == ["gw-here": Self.all])
            let unheard = try #require(after.unheard.first)
            #expect(unheard.producer == "gw-gone" && unheard.waitingPartitions == 1)
            #expect(unheard.waitingEvents == Int(9 - first.offset.sequence))
            await store.close()
        }
    }

    @Test func `an id that was heard with a key is not taken from whoever speaks without`() async throws {
        try await withPostgresHarness { harness in
            let store = try harness.store()
            _ = try await store.open()
            var one = voice("gw-a")
            one.identity = .key(service: "irc-gateway", fingerprint: "00ff")
            #expect(try await store.rebalance(hearing: [one]).refused == [:])
            for identity in [ProducerIdentity.plain, .key(service: "stream-poller", fingerprint: "11")] {
                one.identity = identity
                let ownership = try await store.rebalance(hearing: [one])
                #expect(ownership.producers == [:] && ownership.refused["gw-a"]?.contains("bus_producers") == true)
            }
            one.identity = .key(service: "irc-gateway", fingerprint: "22")
            #expect(try await store.rebalance(hearing: [one]).producers["gw-a"] == Self.all, "the key was replaced")
            await store.close()
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
            #expect(try await one.rebalance(hearing: Self.heard).partitions == Self.all)
            #expect(try await two.rebalance(hearing: Self.heard).partitions == Self.all)
            await one.close()
            await two.close()
        }
    }
}
