import NIOCore
import TestSupport
import Testing

@testable import TwitchChat

@Suite struct WebSocketParserTests {
    private static func frame(_ text: String, opcode: UInt8 = 1, isFinal: Bool = true, bits: UInt8 = 0) -> [UInt8] {
        let payload = Array(text.utf8)
        var bytes: [UInt8] = [(isFinal ? 0x80 : 0) | bits | opcode]
        switch payload.count {
        case ..<126: bytes.append(UInt8(payload.count))
        case ..<65_536: bytes += [126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default: bytes += [127] + (0..<8).reversed().map { UInt8(payload.count >> ($0 * 8) & 0xFF) }
        }
        return bytes + payload
    }

    /// What a parser makes of bytes that come in pieces of a size.
    private static func read(_ bytes: [UInt8], pieces: Int, limit: Int = 1 << 20) throws(WebSocketViolation) -> [String]
    {
        var parser = WebSocketParser(limit: limit)
        var events: [String] = []
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            parser.append(ByteBuffer(bytes: bytes[start..<min(start + pieces, bytes.count)]))
            while let event = try parser.next() {
                switch event {
                case .message(let message): events.append(String(buffer: message))
                case .ping(let text): events.append("ping " + String(buffer: text))
                case .pong: events.append("pong")
                case .close(let code): events.append("close \(code.readableBytes)")
                case .omission(let omission): events.append("\(omission)")
                }
            }
        }
        return events
    }

    @Test(arguments: [1, 2, 3, 7, 1000, 1 << 20])
    func `messages, fragments and control frames come out whole, however they are cut`(pieces: Int) throws {
        let long = String(repeating: "x", count: 70_000)
        let bytes =
            Self.frame("one") + Self.frame("", opcode: 2) + Self.frame("tw", isFinal: false)
            + Self.frame("between", opcode: 9) + Self.frame("", opcode: 0, isFinal: false) + Self.frame("o", opcode: 0)
            + Self.frame("", opcode: 10) + Self.frame(long) + Self.frame(String(repeating: "y", count: 200))
            + Self.frame("\u{3}éreason", opcode: 8)
        let events = try Self.read(bytes, pieces: pieces)
        let expected = ["one", "", "ping between", "two", "pong", long, String(repeating: "y", count: 200), "close 2"]
        #expect(events == expected)
    }

    @Test(arguments: [1, 5, 4096])
    func `what is too large is left out, and nothing else`(pieces: Int) throws {
        let large = String(repeating: "x", count: 1001)
        let half = String(repeating: "y", count: 600)
        let bytes =
            Self.frame("before") + Self.frame(large) + Self.frame("behind") + Self.frame(half, isFinal: false)
            + Self.frame("ping", opcode: 9) + Self.frame(half, opcode: 0, isFinal: false) + Self.frame(half, opcode: 0)
            + Self.frame("last") + Self.frame(large, isFinal: false) + Self.frame("rest", opcode: 0) + Self.frame("end")
        let events = try Self.read(bytes, pieces: pieces, limit: 1000)
        let omission = "oversized(limit: 1000)"
        #expect(events == ["before", omission, "behind", "ping ping", omission, "last", omission, "end"])
    }

    @Test func `a length of 2^64 - 1 is left out for as long as it comes, without being kept`() throws {
        var parser = WebSocketParser(limit: 1000)
        parser.append(ByteBuffer(bytes: [0x81, 127] + [UInt8](repeating: 0xFF, count: 8)))
        let first = try parser.next()
        #expect(first == .omission(.oversized(limit: 1000)))
        for _ in 0..<100 {
            parser.append(ByteBuffer(repeating: 0, count: 1 << 16))
            let next = try parser.next()
            #expect(next == nil && parser.isInside)
        }
    }

    @Test(arguments: [
        (Self.frame("x", bits: 0x40), WebSocketViolation.compressed), (Self.frame("x", bits: 0x20), .reservedBits),
        (Self.frame("x", opcode: 0), .strayContinuation),
        (Self.frame("x", isFinal: false) + Self.frame("y"), .interruptedMessage),
        (Self.frame("x", opcode: 9, isFinal: false), .malformedControlFrame),
        (Self.frame(String(repeating: "x", count: 126), opcode: 9), .malformedControlFrame),
    ])
    func `what breaks the protocol is told as what it is`(bytes: [UInt8], violation: WebSocketViolation) {
        #expect(throws: violation) { try Self.read(bytes, pieces: 1) }
    }

    @Test func `unknown kinds of frames are left out`() throws {
        let bytes = Self.frame("a") + Self.frame("b", opcode: 3) + Self.frame("c", opcode: 11) + Self.frame("d")
        #expect(
            try Self.read(bytes, pieces: 2) == ["a", "unknownFrame(opcode: 3)", "unknownFrame(opcode: 11)", "d"]
        )
    }

    @Test func `masked frames are understood`() throws {
        #expect(try Self.read([0x81, 0x82, 1, 2, 3, 4, 0x61 ^ 1, 0x62 ^ 2], pieces: 1) == ["ab"])
    }

    @Test func `random bytes never stop it`() {
        var generator = SeededGenerator(seed: 20_261_129)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0..<60, using: &generator)).map { _ in
                Bool.random(using: &generator)
                    ? UInt8.random(in: 0...255, using: &generator)
                    : [0x80, 0x81, 0x00, 0x01, 0x7E, 0x7F, 0xFF, 0x88, 0x89].randomElement(using: &generator) ?? 0
            }
            for pieces in [1, 60] { _ = try? Self.read(bytes, pieces: pieces, limit: 40) }
        }
    }
}
