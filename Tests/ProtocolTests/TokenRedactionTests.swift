import Protocol
import Testing

@Suite struct TokenRedactionTests {
    private let token = TokenIssued(kind: "user", accessToken: "hunter2secret", clientID: "c", version: 1)

    @Test func `printing, reflecting and dumping never show the token`() {
        let envelope = Envelope(
            service: "token-service",
            producer: "ts-1",
            subject: "_",
            time: Timestamp(milliseconds: 0),
            partition: 0,
            offset: .zero,
            previous: .zero,
            event: .tokenIssued(token)
        )
        let draft = EventDraft(domain: .token, subject: "_", time: envelope.time, event: envelope.event)
        for value in [token, envelope.event, envelope, draft, [token], Optional(token) as Any] as [Any] {
            var dumped = ""
            dump(value, to: &dumped)
            for text in ["\(value)", String(describing: value), String(reflecting: value), dumped] {
                #expect(!text.contains("hunter2"))
                #expect(!text.contains("104, 117, 110"))
            }
        }
    }

    @Test func `the codec does carry it`() throws {
        let data = EventCodec.encodeData(.tokenIssued(token))
        #expect(String(decoding: data, as: UTF8.self).contains("hunter2secret"))
    }
}
