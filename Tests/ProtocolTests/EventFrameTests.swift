import FoundationEssentials
import Protocol
import TestSupport
import Testing

@Suite struct EventFrameTests {
    private let generator = EventGenerator(seed: 3)

    private func frame(of envelope: Envelope) -> [UInt8] {
        EventFrame.encode(
            EventDraft(domain: .chat, subject: envelope.subject, time: envelope.time, event: envelope.event),
            service: envelope.service,
            producer: envelope.producer,
            partition: envelope.partition,
            offset: envelope.offset,
            previous: envelope.previous
        )
    }

    @Test func `a frame is one topic line and the envelope, data spliced in as it was encoded`() throws {
        var generator = generator
        for kind in 0..<EventGenerator.kinds * 10 {
            var envelope = generator.envelope(kind: kind)
            envelope.partition = kind % Partition.count
            let frame = frame(of: envelope)
            let lines = frame.split(separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
            try #require(lines.count == 2)
            #expect(Array(lines[1]) == EventCodec.encode(envelope))
            let topic = try #require(Topic(String(decoding: lines[0], as: UTF8.self)))
            #expect(topic.partition == envelope.partition)
            #expect(lines[0].count <= Topic.maximumBytes)
            #expect(!lines[1].contains(UInt8(ascii: "\n")))
        }
    }

    @Test func `the header tells what the envelope tells`() throws {
        var generator = generator
        for kind in 0..<EventGenerator.kinds * 10 {
            let envelope = generator.envelope(kind: kind)
            let frame = frame(of: envelope)
            let header = try #require(FrameHeader(frame))
            #expect(header.producer == envelope.producer)
            #expect(header.partition == envelope.partition)
            #expect(header.offset == envelope.offset)
            #expect(header.previous == envelope.previous)
            #expect(try EventCodec.decode(frame[header.jsonStart...]) == envelope)
        }
    }

    @Test func `the header is read although data is broken, since nothing behind its key is read`() throws {
        var generator = generator
        let frame = frame(of: generator.envelope(kind: 0))
        let text = Substring(decoding: frame, as: UTF8.self)
        let start = try #require(text.firstRange(of: #""data":"#))
        #expect(FrameHeader(Array(text[..<start.upperBound].utf8)) == FrameHeader(frame))
    }

    @Test func `an event of a later version has its place like any other`() {
        var generator = generator
        let frame = frame(of: generator.envelope(kind: 0))
        let text = String(decoding: frame, as: UTF8.self)
        let later = text.replacing(#""specversion":"1.0""#, with: #""specversion":"9.0""#, maxReplacements: 1)
        #expect(later != text)
        #expect(FrameHeader(Array(later.utf8)) == FrameHeader(frame))
    }

    @Test(arguments: ["", "\n", "hb.gw\n{}", "chat.p07.a.b", "chat.p07.a.b\n", "chat.p07.a.b\n{", "\n\n", "x\n[]"])
    func `what is not a frame of an event has no header`(text: String) {
        #expect(FrameHeader(Array(text.utf8)) == nil)
    }

    @Test func `no mutation of a frame crashes the header's scan`() {
        var generator = generator
        var random = SeededGenerator(seed: 11)
        let frames = (0..<EventGenerator.kinds).map { frame(of: generator.envelope(kind: $0)) }
        var read = 0
        for round in 0..<20_000 {
            let mutant = Mutation.apply(to: frames[round % frames.count], using: &random)
            if FrameHeader(mutant) != nil { read += 1 }
        }
        #expect(read > 0)
    }
}
