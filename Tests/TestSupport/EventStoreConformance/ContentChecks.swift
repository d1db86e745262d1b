import EventStore
import Foundation
import Protocol
import Testing

extension EventStoreConformance {
    /// Content: no row is refused for what it says.
    static let content = [
        EventStoreConformance("NUL becomes U+FFFD in text, and the line's bytes are kept") { harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            var events = ConformanceEvents()
            let message = ConformanceEvents.message("a\0b", text: "x\0y", raw: "line\0end")
            _ = try await store.commit(events.batch([events.next(.chatMessage(message))], base: .zero).batch)
            let bytes = Data("line\0end".utf8).base64EncodedString()
            #expect(
                try await harness.rows("SELECT id, message_text, raw, raw_base64 FROM chat_messages")
                    == [["a\u{FFFD}b", "x\u{FFFD}y", "line\u{FFFD}end", bytes]]
            )
            await store.close()
        },

        EventStoreConformance("a line that is no UTF-8 keeps its base64") { harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            var events = ConformanceEvents()
            let message = ConformanceEvents.message("a", raw: "caf\u{FFFD}", rawBase64: "Y2Fm6Q==")
            _ = try await store.commit(events.batch([events.next(.chatMessage(message))], base: .zero).batch)
            #expect(
                try await harness.rows("SELECT raw, raw_base64 FROM chat_messages") == [["caf\u{FFFD}", "Y2Fm6Q=="]]
            )
            await store.close()
        },

        EventStoreConformance("texts of any length and script are kept as they are") { harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            var events = ConformanceEvents()
            let texts = [
                "", " trimmed? no ", "'; DROP TABLE chat_messages; --", "a\nb\r\tc", "👩‍👩‍👧‍👦🏴‍☠️ e\u{301} \u{202E}rtl",
                "\u{FEFF}bom", String(repeating: "長い", count: 30_000),
            ]
            let envelopes = texts.enumerated().map { index, text in
                events.next(.chatMessage(ConformanceEvents.message("\(index)", text: text, raw: text)))
            }
            _ = try await store.commit(events.batch(envelopes, base: .zero).batch)
            let rows = try await harness.rows("SELECT message_text, raw FROM chat_messages ORDER BY id")
            #expect(rows == texts.map { [$0, $0] })
            await store.close()
        },

        EventStoreConformance("times at the ends of the calendar are kept") { harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            var events = ConformanceEvents()
            let times = [0, 253_402_300_799_999].map { Timestamp(rawValue: $0) }
            let envelopes = times.map { time in
                var message = ConformanceEvents.message("")
                message.sentAt = time
                return events.next(.chatMessage(message))
            }
            #expect(
                try await store.commit(events.batch(envelopes, base: .zero).batch)
                    == .committed(inserted: 2, duplicates: 0)
            )
            await store.close()
        },
    ]
}
