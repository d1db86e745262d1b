import EventStore
import Protocol
import SQLiteStore
import TestSupport
import Testing

@testable import writer

@Suite struct AttributionLoopTests {
    /// A poller's report of a stream that began a minute before.
    private static func online(_ poller: inout ConformanceEvents) -> Envelope {
        poller.next(.streamOnline(ConformanceEvents.streamOnline))
    }

    @Test func `the running writer puts right what was said before its stream was known`() async throws {
        try await Archive.with { archive in
            var gateway = ConformanceEvents()
            var poller = ConformanceEvents(producer: "sp-1")
            archive.source.append(gateway.messages(5000))
            archive.source.announce("gw-7f3a")
            let store = archive.store
            var loop = try await archive.loop(store, rows: 500)
            let running = Task { try await loop.run() }
            try await eventually("all messages are stored") {
                try await archive.rows("SELECT count(*) FROM chat_messages WHERE stream_id IS NULL") == [["5000"]]
            }
            archive.source.append([Self.online(&poller)])
            archive.source.announce("sp-1")
            try await eventually("all messages have their stream") {
                try await archive.rows("SELECT count(*) FROM chat_messages WHERE stream_id = '40000000001'")
                    == [["5000"]]
            }
            archive.source.stop()
            try await running.value
            await store.close()
        }
    }

    @Test func `a writer that was killed before it was done goes on after its restart`() async throws {
        try await Archive.with { archive in
            var gateway = ConformanceEvents()
            var poller = ConformanceEvents(producer: "sp-1")
            let store = archive.store
            _ = try await store.open()
            _ = try await store.commit(gateway.batch(gateway.messages(10), base: .zero).batch)
            _ = try await store.commit(poller.batch([Self.online(&poller)], base: .zero).batch)
            await store.close()
            let again = archive.store
            var loop = try await archive.loop(again)
            let running = Task { try await loop.run() }
            try await eventually("all messages have their stream") {
                try await archive.rows("SELECT count(*) FROM chat_messages WHERE stream_id IS NULL") == [["0"]]
            }
            archive.source.stop()
            try await running.value
            await again.close()
        }
    }
}
