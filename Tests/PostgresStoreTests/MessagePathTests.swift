import EventStore
import Protocol
import TestSupport
import Testing

@testable import PostgresStore

@Suite struct MessagePathTests {
    @Test func `collisions in a row keep away from the fast path for longer and longer, up to a limit`() {
        var path = MessagePath()
        var pauses: [Int] = []
        for _ in 0..<10 {
            #expect(path.next() == .direct)
            path.collided()
            var pause = 0
            while path.next() == .staged { pause += 1 }
            pauses.append(pause)
            path.collided()
            while path.next() == .staged {}
        }
        #expect(pauses.first == 8 && pauses.last == 1024 && pauses == pauses.sorted())
        path.wentThrough()
        path.collided()
        var pause = 0
        while path.next() == .staged { pause += 1 }
        #expect(pause == 8)
    }

    @Test func `a batch in which some are there already stores the others, whatever path it takes`() async throws {
        try await withPostgresHarness { harness in
            let store = try harness.store()
            _ = try await store.open()
            var events = ConformanceEvents()
            var base = Offset.zero
            for round in 0..<24 {
                // Half of each batch was in the batch before.
                let ids = (round * 5)..<(round * 5 + 10)
                let envelopes = ids.map { number in
                    var message = ConformanceEvents.message("\(number)")
                    message.sentAt = Timestamp(rawValue: message.sentAt.rawValue - 1)
                    return events.next(.chatMessage(message))
                }
                let batch = events.batch(envelopes, base: base).batch
                let new = round == 0 ? 10 : 5
                #expect(try await store.commit(batch) == .committed(inserted: new, duplicates: 10 - new))
                base = batch.advances[0].next
            }
            #expect(try await harness.rows("SELECT count(*) FROM chat_messages") == [["125"]])
            await store.close()
        }
    }
}
