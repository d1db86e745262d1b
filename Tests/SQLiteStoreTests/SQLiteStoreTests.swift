import EventStore
import Foundation
import GRDB
import Protocol
import SQLiteStore
import TestSupport
import Testing

@Suite struct SQLiteStoreTests {
    @Test func `times are the predecessor's text`() async throws {
        try await withSQLiteHarness { harness in
            let clock = WallClock { Timestamp(rawValue: 1_795_341_600_007) }
            let store = SQLiteStore(SQLiteStore.Configuration(path: harness.path, clock: clock))
            _ = try await store.open()
            var events = ConformanceEvents()
            let message = events.next(.chatMessage(ConformanceEvents.message("a")))
            _ = try await store.commit(events.batch([message], base: .zero).batch)
            #expect(
                try await harness.rows("SELECT sent_at, created_at, emotes FROM chat_messages") == [
                    [
                        ConformanceEvents.timeText, "2026-11-22 10:00:00.007000",
                        #"[{"id":"25","begin":14,"end":19}]"#,
                    ]
                ]
            )
            await store.close()
        }
    }

    @Test func `a file locked by another program is a retriable error, and nothing is lost`() async throws {
        try await withSQLiteHarness { harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            var events = ConformanceEvents()
            let message = events.next(.chatMessage(ConformanceEvents.message("a")))
            let batch = events.batch([message], base: .zero).batch
            let intruder = try Intruder(path: harness.path)
            await #expect {
                try await store.commit(batch)
            } throws: { error in
                (error as? EventStoreError)?.code == .locked && (error as? EventStoreError)?.isRetriable == true
            }
            try intruder.leave()
            #expect(try await store.commit(batch) == .committed(inserted: 1, duplicates: 0))
            await store.close()
        }
    }

    @Test func `an error in the middle of a batch leaves nothing, and the store goes on`() async throws {
        try await withSQLiteHarness { harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            _ = try await harness.rows(
                """
                CREATE TRIGGER poison BEFORE INSERT ON chat_messages WHEN NEW.id = 'poison'
                BEGIN SELECT RAISE(ABORT, 'poisoned'); END
                """
            )
            var events = ConformanceEvents()
            let good = events.next(.chatMessage(ConformanceEvents.message("good")))
            let bad = events.next(.chatMessage(ConformanceEvents.message("poison")))
            await #expect {
                try await store.commit(events.batch([good, bad], base: .zero).batch)
            } throws: { error in
                (error as? EventStoreError)?.code == .refused
            }
            #expect(try await harness.rows("SELECT id FROM chat_messages").isEmpty)
            #expect(try await store.offsets(of: events.producer).isEmpty)
            #expect(
                try await store.commit(events.batch([good], base: .zero).batch)
                    == .committed(inserted: 1, duplicates: 0)
            )
            await store.close()
        }
    }

    @Test func `one store at a time claims a file, and the next one when it is closed`() async throws {
        try await withSQLiteHarness { harness in
            let first = try harness.makeStore()
            let second = try harness.makeStore()
            #expect(try await first.claim())
            #expect(try await first.claim(), "claiming twice changes nothing")
            #expect(try await !second.claim())
            await first.close()
            #expect(try await second.claim())
            await second.close()
        }
    }

    @Test func `a file that is no database is refused for good`() async throws {
        try await withSQLiteHarness { harness in
            let store = try harness.makeStore()
            _ = try await store.claim()
            try Data("not a database, but long enough to have a header of its own".utf8)
                .write(to: URL(fileURLWithPath: harness.path))
            await #expect {
                try await store.open()
            } throws: { error in
                (error as? EventStoreError)?.code == .incompatible
            }
            await store.close()
        }
    }

    @Test func `a folder that cannot be made is named`() async throws {
        let store = SQLiteStore(SQLiteStore.Configuration(path: "/proc/nowhere/chats.db"))
        await #expect {
            try await store.open()
        } throws: { error in
            "\(error)".contains("/proc/nowhere")
        }
    }
}

/// Another program that holds the file's write lock.
private struct Intruder {
    private let queue: DatabaseQueue

    init(path: String) throws {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.unsafeBegin()
    }

    func leave() throws {
        try queue.unsafeEnd()
    }
}

extension DatabaseQueue {
    fileprivate func unsafeBegin() throws {
        try writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
    }

    fileprivate func unsafeEnd() throws {
        try writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        try close()
    }
}
