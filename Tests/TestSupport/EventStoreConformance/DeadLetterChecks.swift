package import EventStore
package import Protocol
import Testing

/// What is kept as a dead letter, and the way back.
extension EventStoreConformance {
    static let deadLetters = [
        EventStoreConformance("a dead letter is listed whole, and a retry stores it and removes it, once") { harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            var events = ConformanceEvents()
            let envelopes = (1...3).map { events.next(.chatMessage(ConformanceEvents.message("m\($0)"))) }
            var batch = events.batch(envelopes, base: .zero).batch
            batch.events = []
            batch.deadLetters = envelopes.map { DeadLetter($0, reason: "refused: on purpose") }
            _ = try await store.commit(batch)
            let archive = try #require(store as? any DeadLetterArchive)

            let first = try await archive.deadLetters(after: nil, limit: 2)
            let rest = try await archive.deadLetters(after: first.last?.letter.key, limit: 2)
            #expect((first + rest).map(\.letter) == batch.deadLetters)
            #expect(first.allSatisfy { $0.createdAt.rawValue > 1_700_000_000_000 })

            let envelope = try #require(try first[0].letter.envelope())
            #expect(envelope == envelopes[0])
            #expect(try await archive.redeem(first[0].letter.key, as: envelope))
            #expect(try await !archive.redeem(first[0].letter.key, as: envelope), "it is gone")
            #expect(try await harness.rows("SELECT id FROM chat_messages") == [["m1"]])
            #expect(try await harness.rows("SELECT count(*) FROM dead_letters") == [["2"]])
            #expect(try await archive.redeem(first[1].letter.key, as: nil))
            #expect(try await harness.rows("SELECT count(*) FROM chat_messages") == [["1"]])
            // The offsets are not touched: a writer goes on where it was.
            #expect(try await store.offsets(of: events.producer) == [events.partition: envelopes[2].offset])
            await store.close()
        },
        EventStoreConformance("of two that retry the same dead letter one stores it") { harness in
            let stores = try [harness.makeStore(), harness.makeStore()]
            for store in stores { _ = try await store.openPatiently() }
            var events = ConformanceEvents()
            let envelope = events.next(.chatMessage(ConformanceEvents.message("m1")))
            var batch = events.batch([envelope], base: .zero).batch
            batch.events = []
            batch.deadLetters = [DeadLetter(envelope, reason: "refused")]
            _ = try await stores[0].commit(batch)
            let archives = try stores.map { try #require($0 as? any DeadLetterArchive) }
            let key = batch.deadLetters[0].key
            async let one = archives[0].redeemPatiently(key, as: envelope)
            async let other = archives[1].redeemPatiently(key, as: envelope)
            #expect(try await [one, other].count { $0 } == 1)
            #expect(try await harness.rows("SELECT count(*) FROM chat_messages") == [["1"]])
            for store in stores { await store.close() }
        },
        EventStoreConformance("a rehearsal throws what a commit would throw, and leaves nothing") { harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            var events = ConformanceEvents()
            try await store.rehearse(ConformanceEvents.all.map { events.next($0.event) })
            for table in Set(ConformanceEvents.all.map(\.table)) {
                #expect(try await harness.rows("SELECT count(*) FROM \(table)") == [["0"]], "\(table)")
            }
            _ = try await harness.rows("ALTER TABLE chat_messages RENAME TO moved")
            await #expect {
                try await store.rehearse([events.next(.chatMessage(ConformanceEvents.message("m1")))])
            } throws: { error in
                (error as? EventStoreError)?.code == .schema
            }
            await store.close()
        },
    ]
}

extension DeadLetter {
    /// A dead letter of an event, with its frame as it came over the bus.
    package init(_ envelope: Envelope, reason: String) {
        let topic = Array("chat.p07.quietharbor.\(envelope.event.type.rawValue)\n".utf8)
        self.init(
            producer: envelope.producer,
            partition: envelope.partition,
            offset: envelope.offset,
            reason: reason,
            frame: topic + EventCodec.encode(envelope)
        )
    }
}

extension DeadLetterArchive {
    fileprivate func redeemPatiently(_ key: DeadLetter.Key, as event: Envelope) async throws -> Bool {
        while true {
            do throws(EventStoreError) {
                return try await redeem(key, as: event)
            } catch {
                guard error.code == .locked else { throw error }
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
