import EventStore
import PostgresStore
import Protocol
import TestSupport
import Testing

/// Something is done to the tables under a store that has them open: no row is at fault, and mended it goes on.
@Suite struct SchemaTroubleTests {
    struct Trouble: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var spoil: String
        var mend: String
        var code: EventStoreError.Code = .schema
    }

    static let all = [
        Trouble(
            testDescription: "a table is renamed",
            spoil: "ALTER TABLE chat_messages RENAME TO moved",
            mend: "ALTER TABLE moved RENAME TO chat_messages"
        ),
        Trouble(
            testDescription: "a column is gone",
            spoil: "ALTER TABLE chat_messages RENAME COLUMN raw TO raw_moved",
            mend: "ALTER TABLE chat_messages RENAME COLUMN raw_moved TO raw"
        ),
        Trouble(
            testDescription: "a column has another type",
            spoil: "ALTER TABLE chat_messages ALTER COLUMN color TYPE integer USING NULL",
            mend: "ALTER TABLE chat_messages ALTER COLUMN color TYPE text"
        ),
        Trouble(
            testDescription: "a trigger's function misses its table",
            spoil: """
                CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS
                    'BEGIN INSERT INTO nowhere VALUES (1); RETURN NEW; END';
                CREATE TRIGGER broken BEFORE INSERT ON chat_messages FOR EACH ROW EXECUTE FUNCTION broken()
                """,
            mend: "DROP FUNCTION broken() CASCADE"
        ),
        Trouble(
            testDescription: "no partition takes the row",
            spoil: "ALTER TABLE chat_messages RENAME TO whole; CREATE TABLE chat_messages (LIKE whole INCLUDING ALL) "
                + "PARTITION BY RANGE (sent_at)",
            mend: "DROP TABLE chat_messages; ALTER TABLE whole RENAME TO chat_messages"
        ),
        Trouble(
            testDescription: "the offsets are renamed",
            spoil: "ALTER TABLE bus_offsets RENAME TO moved",
            mend: "ALTER TABLE moved RENAME TO bus_offsets"
        ),
    ]

    @Test(arguments: all)
    func `is told as what it is, and is over when it is mended`(_ trouble: Trouble) async throws {
        try await withPostgresHarness { harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            var events = ConformanceEvents()
            let first = events.next(.chatMessage(ConformanceEvents.message("a")))
            _ = try await store.commit(events.batch([first], base: .zero).batch)
            let second = events.batch([events.next(.chatMessage(ConformanceEvents.message("b")))], base: first.offset)
            _ = try await harness.rows(trouble.spoil)
            for _ in 0..<2 {
                await #expect {
                    try await store.commit(second.batch)
                } throws: { error in
                    let error = error as? EventStoreError
                    return error?.code == trouble.code && error?.isRetriable == true
                }
            }
            _ = try await harness.rows(trouble.mend)
            #expect(try await store.commit(second.batch) == .committed(inserted: 1, duplicates: 0))
            await store.close()
        }
    }
}
