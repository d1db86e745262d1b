import Foundation
import Logging
import Testing

@testable import ServiceRuntime

struct TerminalTextTests {
    /// Everything that a terminal may obey, one of each kind.
    private static let hostile =
        "a\u{1B}[2J\u{9B}31m\u{0}\u{7F}\u{85}\u{200E}\u{200F}\u{061C}\u{2028}\u{2029}\u{202A}\u{202E}\u{2066}\u{2069}b"

    @Test func `nothing that a terminal may obey is left`() {
        for text in [Self.hostile.escapedForTerminals, Self.hostile.jsonForTerminals, Self.hostile.linesForTerminals] {
            #expect(text.unicodeScalars.count { $0.steersTerminals } == 0, "\(text.debugDescription)")
            #expect(text.hasPrefix("a") && text.hasSuffix("b"))
        }
        #expect("\u{9B}".escapedForTerminals == "\\u{009B}")
        #expect("one\ntwo".escapedForTerminals == "one\\ntwo")
        #expect("one\ntwo\t\u{1B}".linesForTerminals == "one\ntwo\t\\u{1B}")
    }

    @Test func `ordinary text of any script stays as it is`() {
        for text in ["กำลังดู", "👨‍👩‍👧‍👦", "e\u{301}", "한국어", "שלום", "مرحبا", "漢字"] {
            #expect(text.escapedForTerminals == text)
            #expect(text.jsonForTerminals == text)
        }
    }

    @Test func `escaped JSON means the same`() throws {
        let json = String(decoding: try JSONEncoder().encode([Self.hostile]), as: UTF8.self)
        let shown = json.jsonForTerminals
        #expect(shown.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
        #expect(try JSONDecoder().decode([String].self, from: Data(shown.utf8)) == [Self.hostile])
    }

    @Test func `log lines of both formats hold nothing that steers a terminal`() {
        for format in LogFormat.allCases {
            let log = CapturedLines()
            log.logger(format: format).warning("\(Self.hostile)", metadata: .keyed([.reason: "\(Self.hostile)"]))
            let line = log.all.joined().dropLast()
            #expect(line.unicodeScalars.count { $0.steersTerminals } == 0, "\(line.debugDescription)")
        }
    }
}
