import FoundationEssentials
import Protocol
import Testing

@Suite struct EventCodecTests {
    @Test(arguments: 0..<EventGenerator.kinds)
    func `the hot codec and Foundation agree on random events`(kind: Int) throws {
        var generator = EventGenerator(seed: UInt64(kind))
        let (encoder, decoder) = (JSONEncoder(), JSONDecoder())
        for _ in 0..<200 {
            let envelope = generator.envelope(kind: kind)
            let bytes = EventCodec.encode(envelope)
            #expect(try decoder.decode(Envelope.self, from: Data(bytes)) == envelope)
            #expect(try EventCodec.decode(bytes) == envelope)
            #expect(try EventCodec.decode(encoder.encode(envelope)) == envelope)
        }
    }

    @Test func `optional values that are nil are left out, exactly as synthesized Codable leaves them out`() throws {
        var generator = EventGenerator(seed: 99)
        for kind in 0..<EventGenerator.kinds * 20 {
            let envelope = generator.envelope(kind: kind)
            #expect(
                try JSONTree(EventCodec.encode(envelope)) == JSONTree(Array(JSONEncoder().encode(envelope)))
            )
        }
    }

    @Test func `data and envelope are the same bytes whether encoded apart or together`() throws {
        var generator = EventGenerator(seed: 7)
        for kind in 0..<EventGenerator.kinds {
            let envelope = generator.envelope(kind: kind)
            let whole = EventCodec.encode(envelope)
            let data = EventCodec.encodeData(envelope.event)
            #expect(whole.dropLast().suffix(data.count).elementsEqual(data))
        }
    }

    @Test func `strings that compare equal but differ in their scalars keep their bytes`() throws {
        var generator = EventGenerator(seed: 1)
        var envelope = generator.envelope(kind: 0)
        envelope.subject = "e\u{301}"
        let decoded = try EventCodec.decode(EventCodec.encode(envelope))
        #expect(Array(decoded.subject.utf8) == [0x65, 0xCC, 0x81])
    }
}
