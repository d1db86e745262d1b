import EventStore
import Protocol
import Testing

extension EventStoreConformance {
    /// Copies: what has no id and was told by two readers is one thing; what one reader told twice is two.
    static let copies = [
        EventStoreConformance("a second reader's copy within two seconds adds no row, in one batch or in two") {
            harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            var readers = TwoReaders()
            var moment: Int64 = 0
            for kind in EventWithoutID.allCases {
                for (delay, isOneBatch) in [
                    (0, true), (0, false), (1, true), (-700, false), (2000, true), (-2000, false),
                ] {
                    moment += 100_000
                    let before = try await count(kind, harness)
                    let first = readers.tell(.first, kind.event(after: moment))
                    let second = readers.tell(.second, kind.event(after: moment + Int64(delay)))
                    if isOneBatch {
                        let outcome = try await readers.commit([first, second], to: store)
                        #expect(outcome == .committed(inserted: 1, duplicates: 1), "\(kind) \(delay)")
                    } else {
                        let one = try await readers.commit([first], to: store)
                        #expect(one == .committed(inserted: 1, duplicates: 0), "\(kind) \(delay)")
                        let two = try await readers.commit([second], to: store)
                        #expect(two == .committed(inserted: 0, duplicates: 1), "\(kind) \(delay)")
                    }
                    #expect(try await count(kind, harness) == before + 1, "\(kind) \(delay)")
                }
            }
            await store.close()
        },

        EventStoreConformance("what is further apart, of one reader, or of other content has rows of its own") {
            harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            var readers = TwoReaders()
            for kind in EventWithoutID.allCases where kind != .ban {
                let told = [
                    readers.tell(.first, kind.event(after: 0)), readers.tell(.first, kind.event(after: 1000)),
                    readers.tell(.second, kind.event(after: 3001)),
                ]
                let outcome = try await readers.commit(told, to: store)
                #expect(outcome == .committed(inserted: 3, duplicates: 0), "\(kind)")
            }
            var others = [ConformanceEvents.timeout, ConformanceEvents.timeout, ConformanceEvents.timeout]
            others[0].userID = "201"
            others[1].durationSeconds = 601
            others[2].broadcasterUserID = "101"
            let outcome = try await readers.commit(others.map { readers.tell(.second, .ban($0)) }, to: store)
            #expect(outcome == .committed(inserted: 3, duplicates: 0))
            let permanent = readers.tell(.second, EventWithoutID.ban.event(after: 0))
            let last = try await readers.commit([permanent], to: store)
            #expect(last == .committed(inserted: 1, duplicates: 0), "a permanent ban is no timeout")
            await store.close()
        },

        EventStoreConformance(
            "two equal events that both readers tell are two rows, in every order and when told again"
        ) {
            harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            var readers = TwoReaders()
            // Where the second reader's two events are among four; each reader tells its own in order.
            let places = [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]
            var moment: Int64 = 0
            for (number, second) in places.enumerated() {
                for kind in EventWithoutID.allCases {
                    moment += 100_000
                    let before = try await count(kind, harness)
                    var ones = [0, 1500].map { readers.tell(.first, kind.event(after: moment + $0)) }[...]
                    var twos = [30, 1530].map { readers.tell(.second, kind.event(after: moment + $0)) }[...]
                    let told = (0..<4).compactMap { second.contains($0) ? twos.popFirst() : ones.popFirst() }
                    // One transaction, or one for each.
                    for batch in number % 2 == 0 ? [told] : told.map({ [$0] }) {
                        _ = try await readers.commit(batch, to: store)
                    }
                    #expect(try await count(kind, harness) == before + 2, "\(kind) \(second)")
                    let again = try await readers.commit(told, to: store)
                    #expect(again == .committed(inserted: 0, duplicates: 4), "\(kind) \(second)")
                    for event in told.reversed() {
                        let alone = try await readers.commit([event], to: store)
                        #expect(alone == .committed(inserted: 0, duplicates: 1), "\(kind) \(second)")
                    }
                    #expect(try await count(kind, harness) == before + 2, "\(kind) \(second)")
                }
            }
            await store.close()
        },

        EventStoreConformance("a row names who told it and its copies") { harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            var readers = TwoReaders()
            let events = [0, 30].map { EventWithoutID.timeout.event(after: $0) }
            let told = [readers.tell(.first, events[0]), readers.tell(.second, events[1])]
            _ = try await readers.commit(told, to: store)
            #expect(
                try await harness.rows("SELECT event_id, copies FROM user_banned_events")
                    == [["gw-first/57123456-1", "gw-second/57123456-1"]]
            )
            await store.close()
        },

        EventStoreConformance("an archive of before copies were recognised takes them, and its rows stay as they are") {
            harness in
            var store = try harness.makeStore()
            _ = try await store.open()
            var readers = TwoReaders()
            let before = EventWithoutID.allCases.map { readers.tell(.first, $0.event(after: 0)) }
            _ = try await readers.commit(before, to: store)
            await store.close()
            for statement in [
                "DROP INDEX key_banned_event_id", "ALTER TABLE user_banned_events DROP COLUMN event_id",
                "ALTER TABLE user_banned_events DROP COLUMN copies", "DROP INDEX key_clears_event_id",
                "ALTER TABLE chat_clears DROP COLUMN event_id", "ALTER TABLE chat_clears DROP COLUMN copies",
                "ALTER TABLE chat_notices DROP COLUMN copies", "ALTER TABLE chat_settings DROP COLUMN copies",
                "DELETE FROM schema_migrations WHERE name = '0004-copies'",
            ] {
                _ = try await harness.rows(statement)
            }
            store = try harness.makeStore()
            _ = try await store.open()
            let again = try await readers.commit(before, to: store)
            #expect(again == .committed(inserted: 0, duplicates: before.count))
            let told = TwoReaders.Reader.allCases.map { readers.tell($0, EventWithoutID.timeout.event(after: 9000)) }
            #expect(try await readers.commit(told, to: store) == .committed(inserted: 1, duplicates: 1))
            await store.close()
        },

        EventStoreConformance("times at the ends of the calendar have copies too") { harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            var readers = TwoReaders()
            for time: Int64 in [-62_167_219_200_000, 253_402_300_799_999] {
                var ban = ConformanceEvents.timeout
                ban.bannedAt = Timestamp(rawValue: time)
                let told = [readers.tell(.first, .ban(ban)), readers.tell(.second, .ban(ban))]
                let outcome = try await readers.commit(told, to: store)
                #expect(outcome == .committed(inserted: 1, duplicates: 1))
                #expect(try await readers.commit(told, to: store) == .committed(inserted: 0, duplicates: 2))
            }
            await store.close()
        },
    ]

    private static func count(_ kind: EventWithoutID, _ harness: any EventStoreHarness) async throws -> Int {
        let rows = try await harness.rows("SELECT count(*) FROM \(kind.table)")
        return rows.first?.first?.flatMap { Int($0) } ?? -1
    }
}
