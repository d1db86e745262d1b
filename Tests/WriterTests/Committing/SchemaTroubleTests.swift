import EventBus
import EventStore
import GRDB
import Logging
import PostgresStore
import Protocol
import SQLiteStore
import TestSupport
import Testing

@testable import writer

/// Trouble with the tables is met by waiting: no event becomes a dead letter for it.
@Suite struct SchemaTroubleTests {
    struct Trouble: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var spoil: String
        var mend: String
        var words: String
    }

    static let ofSQLite = [
        Trouble(
            testDescription: "a renamed table",
            spoil: "ALTER TABLE chat_messages RENAME TO moved",
            mend: "ALTER TABLE moved RENAME TO chat_messages",
            words: "no such table"
        ),
        Trouble(
            testDescription: "a missing column",
            spoil: "ALTER TABLE chat_messages RENAME COLUMN raw TO moved",
            mend: "ALTER TABLE chat_messages RENAME COLUMN moved TO raw",
            words: "raw"
        ),
        Trouble(
            testDescription: "a broken trigger",
            spoil: "CREATE TRIGGER broken AFTER INSERT ON chat_messages BEGIN INSERT INTO nowhere VALUES (1); END",
            mend: "DROP TRIGGER broken",
            words: "nowhere"
        ),
        Trouble(
            testDescription: "a trigger that refuses everything",
            spoil: "CREATE TRIGGER broken BEFORE INSERT ON chat_messages BEGIN SELECT RAISE(ABORT, 'closed'); END",
            mend: "DROP TRIGGER broken",
            words: "the tables refuse every row: closed"
        ),
        Trouble(
            testDescription: "no table of dead letters, which nobody needs",
            spoil: "ALTER TABLE bus_offsets RENAME TO moved",
            mend: "ALTER TABLE moved RENAME TO bus_offsets",
            words: "bus_offsets"
        ),
    ]

    @Test(arguments: ofSQLite)
    func `SQLite: it waits, is not ready, says what, and stores everything afterwards`(_ trouble: Trouble) async throws
    {
        try await Archive.with { archive in
            let store = archive.store
            _ = try await store.open()
            var events = ConformanceEvents()
            archive.source.append(events.messages(40))
            archive.source.announce("gw-7f3a")
            var loop = try await archive.loop(store)
            try await archive.execute(trouble.spoil)
            let running = Task { try await loop.run() }
            try await eventually("it says \(trouble.words)") { archive.obstacle?.contains(trouble.words) == true }
            try await archive.execute(trouble.mend)
            try await eventually("everything is stored") {
                archive.source.acknowledged["gw-7f3a"]?[7]?.sequence == 40
            }
            #expect(archive.obstacle == nil)
            archive.source.stop()
            try await running.value
            await store.close()
            #expect(try await archive.rows("SELECT count(*) FROM chat_messages") == [["40"]])
            #expect(try await archive.rows("SELECT count(*) FROM dead_letters") == [["0"]])
        }
    }

    static let ofPostgreSQL = [
        Trouble(
            testDescription: "a renamed table",
            spoil: "ALTER TABLE chat_messages RENAME TO moved",
            mend: "ALTER TABLE moved RENAME TO chat_messages",
            words: "chat_messages"
        ),
        Trouble(
            testDescription: "a trigger that refuses everything",
            spoil: """
                CREATE FUNCTION closed() RETURNS trigger LANGUAGE plpgsql AS
                    'BEGIN RAISE EXCEPTION ''closed for today''; END';
                CREATE TRIGGER closed BEFORE INSERT ON chat_messages FOR EACH ROW EXECUTE FUNCTION closed()
                """,
            mend: "DROP FUNCTION closed() CASCADE",
            words: "the tables refuse every row: closed for today"
        ),
        Trouble(
            testDescription: "a column that must be filled and that nobody fills",
            spoil: "ALTER TABLE chat_messages ADD COLUMN extra text; "
                + "ALTER TABLE chat_messages ADD CONSTRAINT filled CHECK (extra IS NOT NULL) NOT VALID",
            mend: "ALTER TABLE chat_messages DROP COLUMN extra",
            words: "the tables refuse every row"
        ),
    ]

    @Test(arguments: ofPostgreSQL)
    func `PostgreSQL: it waits, is not ready, says what, and stores everything afterwards`(
        _ trouble: Trouble
    ) async throws {
        try await Archive.with { archive in
            try await archive.withPostgres { server, database, store in
                _ = try await store.open()
                var events = ConformanceEvents()
                archive.source.append(events.messages(40))
                archive.source.announce("gw-7f3a")
                var loop = try await archive.loop(store)
                try await server.psql(database, trouble.spoil)
                let running = Task { try await loop.run() }
                try await eventually("it says \(trouble.words)") { archive.obstacle?.contains(trouble.words) == true }
                try await server.psql(database, trouble.mend)
                try await eventually("everything is stored") {
                    archive.source.acknowledged["gw-7f3a"]?[7]?.sequence == 40
                }
                archive.source.stop()
                try await running.value
                await store.close()
                #expect(
                    try await server.psql(
                        database,
                        "SELECT (SELECT count(*) FROM chat_messages), (SELECT count(*) FROM dead_letters)"
                    ) == [["40", "0"]]
                )
            }
        }
    }

    @Test func `PostgreSQL: a row that a check refuses is a dead letter, and its neighbours are stored`() async throws {
        try await Archive.with { archive in
            try await archive.withPostgres { server, database, store in
                _ = try await store.open()
                try await server.psql(
                    database,
                    "ALTER TABLE chat_messages ADD CONSTRAINT no_poison CHECK (id <> 'm17') NOT VALID"
                )
                var events = ConformanceEvents()
                archive.source.append(events.messages(20))
                try await archive.run(store)
                let rows = try await server.psql(
                    database,
                    "SELECT (SELECT count(*) FROM chat_messages), count(*) FROM dead_letters "
                        + "WHERE reason LIKE 'refused: new row for relation % violates check constraint \"no_poison\"'"
                )
                #expect(rows == [["19", "1"]])
            }
        }
    }

    @Test(arguments: ConformanceEvents.all.map(\.event))
    func `each kind of event that is stored has a sample`(_ event: Event) {
        var events = ConformanceEvents()
        let item = BatchItem(ReceivedEvent(events.next(event)), base: .zero)
        let samples = PendingBatch(items: [item, item]).samples(at: ConformanceEvents.time)
        #expect(samples.map(\.event.type) == [event.type])
    }
}
