import EventBus
import EventStore
import Protocol
import SQLiteStore
import ServiceRuntime
import TestSupport
import Testing

@testable import writer

/// Offsets that their producer has never reached.
@Suite struct RewindTests {
    /// In the present run, and in the last epoch but one.
    @Test(arguments: [(57_123_456, 4_000_000_000), (4_294_967_294, 7)] as [(UInt32, UInt32)])
    func `a stored offset beyond the journal is put back, everything is stored, and that is on record`(
        _ epoch: UInt32,
        _ sequence: UInt32
    ) async throws {
        let forged = Offset(epoch: epoch, sequence: sequence)
        try await Archive.with { archive in
            var events = ConformanceEvents()
            let messages = events.messages(30)
            let store = archive.store
            // The first ten are stored. Then somebody speaks for the producer.
            _ = try await store.open()
            _ = try await store.commit(events.batch(Array(messages[..<10]), base: .zero).batch)
            let jump = StoreBatch.Advance(
                producer: "gw-7f3a",
                partition: 7,
                base: messages[9].offset,
                next: forged
            )
            _ = try await store.commit(StoreBatch(advances: [jump]))
            await store.close()

            archive.source.append(messages)
            archive.source.announce("gw-7f3a")
            archive.source.announce(
                .overrun(producer: "gw-7f3a", partition: 7, offset: forged, head: messages[29].offset)
            )
            var loop = try await archive.loop(store)
            let running = Task { try await loop.run() }
            try await eventually("everything is stored") {
                archive.source.acknowledged["gw-7f3a"]?[7] == messages[29].offset
            }
            #expect(archive.health.parts.contains { $0.name == "offsets" && $0.reason?.contains("gw-7f3a") == true })
            archive.source.stop()
            try await running.value
            await store.close()
            #expect(try await archive.rows("SELECT count(*), count(DISTINCT id) FROM chat_messages") == [["30", "30"]])
            let record = try await archive.rows("SELECT partition, after_offset > through_offset FROM collection_gaps")
            #expect(record == [["7", "1"]])
        }
    }

    @Test func `an overrun that another writer has mended already changes nothing`() async throws {
        try await Archive.with { archive in
            var events = ConformanceEvents()
            archive.source.append(events.messages(5))
            archive.source.announce("gw-7f3a")
            archive.source.announce(
                .overrun(
                    producer: "gw-7f3a",
                    partition: 7,
                    offset: Offset(epoch: 9, sequence: 9),
                    head: Offset(epoch: 1, sequence: 1)
                )
            )
            let store = archive.store
            try await archive.run(store)
            #expect(try await archive.rows("SELECT count(*) FROM chat_messages") == [["5"]])
            #expect(try await archive.rows("SELECT count(*) FROM collection_gaps") == [["0"]])
        }
    }
}
