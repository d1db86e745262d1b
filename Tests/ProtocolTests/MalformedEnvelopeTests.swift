import FoundationEssentials
import Protocol
import TestSupport
import Testing

@Suite struct MalformedEnvelopeTests {
    private static let head =
        #"{"specversion":"1.0","id":"gw/1-2","source":"/irc-gateway/gw","type":"token.rejected","#
        + #""subject":"s","time":"2026-11-22T10:00:00.123Z","partition":7,"offset":"1-2","prev":"0-0","#
    private static let data =
        #""data":{"kind":"user","fingerprint":"f","reason":"r","rejected_at":"2026-11-22T10:00:00Z"}"#
    private static let valid = head + data + "}"

    private func decode(_ text: String) throws -> Envelope {
        try EventCodec.decode(Array(text.utf8))
    }

    private func isMalformed(_ bytes: [UInt8]) -> Bool {
        do throws(EnvelopeError) {
            _ = try EventCodec.decode(bytes)
            return false
        } catch {
            guard case .malformed(let reason) = error else { return false }
            return !reason.isEmpty
        }
    }

    private func with(_ old: String, _ new: String) -> String {
        Self.valid.replacing(old, with: new)
    }

    @Test func `keys may come in any order, unknown ones are passed over, white space does not matter`() throws {
        let expected = try decode(Self.valid)
        let members = Self.head.dropFirst().dropLast().split(separator: ",").map(String.init) + [Self.data]
        var random = SeededGenerator(seed: 8)
        for _ in 0..<50 {
            var members = members
            members.append(#" "x" : [ {"a":[]}, -1.5e+3 , "\ud83d\ude00", null , true, {} ] "#)
            members.shuffle(using: &random)
            let text = "\n{" + members.joined(separator: "\t,\r ") + "} "
            #expect(try decode(text) == expected)
            #expect(try JSONDecoder().decode(Envelope.self, from: Data(text.utf8)) == expected)
        }
        #expect(try decode(with(#""partition":7"#, #""partition":7.0"#)).partition == 7)
        #expect(try decode(with(#""reason":"r""#, #""reason":"\ud83d\ude00\/\u00e9""#)).event != expected.event)
    }

    @Test(arguments: [
        (#""specversion":"1.0""#, #""specversion":"2.0""#, EnvelopeError.unsupportedVersion("2.0")),
        (#""type":"token.rejected""#, #""type":"token.eaten""#, EnvelopeError.unknownType("token.eaten")),
    ])
    func `a newer version and an unknown type are told apart by both codecs`(
        old: String,
        new: String,
        error: EnvelopeError
    ) {
        #expect(throws: error) { try decode(with(old, new)) }
        #expect(throws: error) { try JSONDecoder().decode(Envelope.self, from: Data(with(old, new).utf8)) }
    }

    @Test(arguments: [
        (#""id":"gw/1-2""#, #""id":"gw/1-3""#), (#""id":"gw/1-2""#, #""id":"other/1-2""#),
        (#""id":"gw/1-2""#, #""id":"/1-2""#), (#""id":"gw/1-2""#, #""id":"1-2""#),
        (#""source":"/irc-gateway/gw""#, #""source":"irc-gateway/gw""#),
        (#""source":"/irc-gateway/gw""#, #""source":"//gw""#), (#""source":"/irc-gateway/gw""#, #""source":"/gw""#),
        (#""source":"/irc-gateway/gw""#, #""source":"""#), (#""source":"/irc-gateway/gw""#, #""source":"/""#),
        (#""offset":"1-2""#, #""offset":"1-4294967296""#), (#""prev":"0-0""#, #""prev":"x""#),
        (#""prev":"0-0","#, ""), (#""partition":7"#, #""partition":7.5"#), (#""partition":7"#, #""partition":"7""#),
        (#""partition":7"#, #""partition":99999999999999999999"#), (#""partition":7"#, #""partition":07"#),
        (#""partition":7"#, #""partition":-"#), (#""time":"2026"#, #""time":"26"#), (#""kind":"user","#, ""),
        (#""kind":"user""#, #""kind":null"#), (#""reason":"r""#, #""reason":"\ud800""#),
        (#""reason":"r""#, #""reason":"\ud800\u0041""#), (#""reason":"r""#, #""reason":"\udc00""#),
        (#""reason":"r""#, #""reason":"\x""#), (#""reason":"r""#, #""reason":"\u12G4""#),
        (#""reason":"r""#, "\"reason\":\"\n\""), (#""reason":"r""#, #""reason":"\""#), (#"{"spec"#, #"{,"spec"#),
        (#""subject":"s","#, #""subject":"s",,"#), (#""subject":"s","#, #""subject":"s""#), ("Z\"}}", "Z\"}},"),
        ("Z\"}}", "Z\"}"), ("Z\"}}", "Z\"}}{}"), ("Z\"}}", "Z\"},}"),
    ])
    func `what is wrong is malformed to both codecs`(old: String, new: String) throws {
        let text = with(old, new)
        try #require(text != Self.valid)
        #expect(isMalformed(Array(text.utf8)), "\(text)")
        // Foundation forgives a comma before a closing brace.
        guard new != "Z\"},}" else { return }
        #expect(throws: (any Error).self) { try JSONDecoder().decode(Envelope.self, from: Data(text.utf8)) }
    }

    @Test func `every truncation is malformed`() {
        let bytes = Array(Self.valid.utf8)
        for count in 0..<bytes.count { #expect(isMalformed(Array(bytes[..<count]))) }
    }

    @Test func `invalid UTF-8 in a string is malformed`() throws {
        var bytes = Array(with(#""reason":"r""#, #""reason":"?r""#).utf8)
        let index = try #require(bytes.lastIndex(of: UInt8(ascii: "?")))
        bytes[index] = 0xFF
        #expect(isMalformed(bytes))
    }

    @Test func `nesting has a limit`() throws {
        func nested(_ depth: Int) -> String {
            Self.head + #""x":"# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + ","
                + Self.data + "}"
        }
        #expect(try decode(nested(31)) == decode(Self.valid))
        #expect(isMalformed(Array(nested(32).utf8)))
        #expect(isMalformed(Array(Self.head.utf8) + Array(repeating: UInt8(ascii: "["), count: 60_000)))
    }

    @Test func `what is larger than 64 KiB is refused with its size`() throws {
        let padding = String(repeating: " ", count: EventCodec.maximumBytes - Self.valid.utf8.count)
        #expect(try decode(Self.valid + padding) == decode(Self.valid))
        #expect(throws: EnvelopeError.malformed("65537 bytes, more than the 65536 of the largest envelope")) {
            try decode(Self.valid + padding + " ")
        }
    }

    @Test func `50,000 mutated envelopes never crash the decoder, and what it accepts is JSON to Foundation`() throws {
        var generator = EventGenerator(seed: 21)
        var random = SeededGenerator(seed: 22)
        let originals = (0..<EventGenerator.kinds * 8).map { EventCodec.encode(generator.envelope(kind: $0)) }
        let decoder = JSONDecoder()
        var (accepted, refused) = (0, 0)
        for round in 0..<50_000 {
            let mutant = Mutation.apply(to: originals[round % originals.count], using: &random)
            do throws(EnvelopeError) {
                let envelope = try EventCodec.decode(mutant)
                accepted += 1
                let again = EventCodec.encode(envelope)
                #expect(try EventCodec.decode(again) == envelope)
                #expect(throws: Never.self) { _ = try decoder.decode(AnyJSON.self, from: Data(mutant)) }
            } catch {
                refused += 1
            }
        }
        #expect(accepted > 100)
        #expect(refused > 10_000)
    }
}

/// Any value at all: what is decoded is only that it is JSON.
private struct AnyJSON: Decodable {
    init(from decoder: any Decoder) {}
}
