import EventStore
import Protocol
import Testing

extension EventStoreConformance {
    /// Offsets: the fence, and all or nothing.
    static let offsets = [
        EventStoreConformance("a new database has no offsets and keeps its id") { harness in
            let store = try harness.makeStore()
            let identity = try await store.open()
            #expect(!identity.isEmpty)
            #expect(try await store.offsets(of: "gw-7f3a").isEmpty)
            await store.close()
            let again = try harness.makeStore()
            #expect(try await again.open() == identity)
            await again.close()
        },

        EventStoreConformance("offsets survive closing and are kept by producer and partition") { harness in
            var store = try harness.makeStore()
            _ = try await store.open()
            var events = ConformanceEvents()
            let first = events.next(.ban(ConformanceEvents.timeout))
            _ = try await store.commit(events.batch([first], base: .zero).batch)
            let greatest = Offset(epoch: .max, sequence: .max)
            let other = StoreBatch.Advance(producer: "gw-other", partition: 31, base: .zero, next: greatest)
            #expect(
                try await store.commit(StoreBatch(advances: [other])) == .committed(inserted: 0, duplicates: 0)
            )
            await store.close()
            store = try harness.makeStore()
            _ = try await store.open()
            #expect(try await store.offsets(of: "gw-7f3a") == [7: first.offset])
            #expect(try await store.offsets(of: "gw-other") == [31: greatest])
            await store.close()
        },

        EventStoreConformance("of two writers with the same base only one commits, and the other leaves nothing") {
            harness in
            let one = try harness.makeStore()
            let two = try harness.makeStore()
            _ = try await one.open()
            _ = try await two.open()
            var events = ConformanceEvents()
            let batch = events.batch(
                [events.next(.chatMessage(ConformanceEvents.message("a")))],
                base: .zero
            ).batch
            var rival = batch
            rival.events[0].event = .chatMessage(ConformanceEvents.message("b"))
            #expect(try await one.commit(batch) == .committed(inserted: 1, duplicates: 0))
            #expect(try await two.commit(rival) == .fenced)
            #expect(try await harness.rows("SELECT id FROM chat_messages") == [["a"]])
            let other = StoreBatch.Advance(
                producer: "gw-other",
                partition: 1,
                base: .zero,
                next: batch.advances[0].next
            )
            rival.advances.insert(other, at: 0)
            #expect(try await two.commit(rival) == .fenced, "one of several advances is enough")
            #expect(try await two.offsets(of: "gw-other").isEmpty)
            await one.close()
            await two.close()
        },

        EventStoreConformance("a batch whose base is ahead of the database is fenced") { harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            let base = Offset(epoch: 1, sequence: 5)
            let advance = StoreBatch.Advance(
                producer: "gw-7f3a",
                partition: 1,
                base: base,
                next: Offset(epoch: 1, sequence: 6)
            )
            #expect(try await store.commit(StoreBatch(advances: [advance])) == .fenced)
            #expect(try await store.offsets(of: "gw-7f3a").isEmpty)
            await store.close()
        },

        EventStoreConformance("several openers at once migrate a new database once and see one id") { harness in
            let identities = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<4 {
                    let store = try harness.makeStore()
                    group.addTask {
                        let identity = try await store.openPatiently()
                        await store.close()
                        return identity
                    }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(identities.count == 1)
            let migrations = try await harness.rows("SELECT name FROM schema_migrations")
            #expect(Set(migrations).count == migrations.count && !migrations.isEmpty)
        },

        EventStoreConformance("a database of a newer version is refused") { harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            await store.close()
            _ = try await harness.rows(
                "INSERT INTO schema_migrations (name, applied_at) VALUES ('9999-later', '2026-11-22 10:00:00')"
            )
            let again = try harness.makeStore()
            await #expect {
                try await again.open()
            } throws: { error in
                (error as? EventStoreError)?.code == .incompatible
            }
            await again.close()
        },
    ]
}
