import EventStore
import Logging
import PostgresStore
import Protocol
import SQLiteStore
import TestSupport
import Testing

@Suite struct PostgresArchiveReaderTests {
    private static func reader(_ harness: PostgresHarness, at now: Timestamp) throws -> PostgresArchiveReader {
        try PostgresArchiveReader(
            PostgresAddress(uri: harness.server.uri(harness.database)),
            clock: WallClock { now }
        )
    }

    @Test func `it counts what SQLite's reader counts`() async throws {
        try await withPostgresHarness { harness in
            try await withTemporaryDirectory { directory in
                let now = StatisticsScenario.at(80)
                let postgres = try harness.store()
                try await StatisticsScenario.fill(postgres)
                await postgres.close()
                let path = directory + "/archive.db"
                let sqlite = SQLiteStore(SQLiteStore.Configuration(path: path))
                try await StatisticsScenario.fill(sqlite)
                await sqlite.close()
                let expected = try await SQLiteArchiveReader(path: path, clock: WallClock { now })
                    .statistics(of: "40000000001")
                let found = try await Self.reader(harness, at: now).statistics(of: "40000000001")
                #expect(found == expected)
                #expect(found?.messages.total == 31 && found?.coverage?.share == 0.75)
            }
        }
    }

    @Test func `a channel is found by its login now and earlier, and an unknown one is not empty`() async throws {
        try await withPostgresHarness { harness in
            let store = try harness.store()
            try await StatisticsScenario.fill(store)
            await store.close()
            try await StatisticsScenario.checkChannel(by: Self.reader(harness, at: StatisticsScenario.at(80)))
        }
    }

    @Test func `a session without a stop counts until its gateway was last heard of`() async throws {
        try await withPostgresHarness { harness in
            let clock = WallClock { StatisticsScenario.at(30) }
            let store = try harness.store { $0.clock = clock }
            try await StatisticsScenario.fillWithOpenSession(store)
            await store.close()
            try await StatisticsScenario.checkOpenSession(by: Self.reader(harness, at: StatisticsScenario.at(80)))
        }
    }

    @Test func `coverage knows each hole's cause, all names of a channel and what journals lost`() async throws {
        try await withPostgresHarness { harness in
            let store = try harness.store()
            try await CoverageScenario.fill(store)
            await store.close()
            try await CoverageScenario.check(by: Self.reader(harness, at: StatisticsScenario.at(80)))
        }
    }

    @Test func `a database without an archive, and one of an older version, are named as such`() async throws {
        try await withPostgresHarness { harness in
            #expect {
                try Self.reader(harness, at: .zeroHour)
            } throws: { error in
                (error as? EventStoreError)?.code == .incompatible && "\(error)".contains("holds no archive")
            }
            let store = try harness.store()
            _ = try await store.open()
            await store.close()
            _ = try await harness.rows(
                "DELETE FROM schema_migrations WHERE name = (SELECT max(name) FROM schema_migrations)"
            )
            #expect {
                try Self.reader(harness, at: .zeroHour)
            } throws: { error in
                (error as? EventStoreError)?.code == .incompatible && "\(error)".contains("of an older version")
            }
        }
    }
}

extension Timestamp {
    fileprivate static let zeroHour = StatisticsScenario.at(0)
}
