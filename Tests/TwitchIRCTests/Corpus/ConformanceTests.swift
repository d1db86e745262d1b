import FoundationEssentials
import Testing
import TwitchIRC

/// What other libraries' own tests assert of real lines. `docs/decisions/irc-parsing-policies.md` explains each choice
/// made where they disagree.
@Suite(.enabled(if: Corpus.isPresent, Corpus.absence))
struct ConformanceTests {
    struct Case: Decodable {
        let n: Int
        let line: String
        let expect: [String: JSONValue]
        let groups: [String]

        var isPolicy: Bool { self.groups.contains { $0.hasPrefix("policy-") } }
    }

    /// What we assert of a case on which libraries disagree.
    private enum Choice: Sendable {
        case kept
        /// Another expectation replaces the file's.
        case inverted([String: JSONValue])
    }

    /// By `n`. Every `policy-` case must be here.
    private static let choices: [Int: Choice] = [
        // policy-strict-spaces: runs of spaces count as one behind the command, not before it.
        131: .inverted(["ok": .bool(true), "command": .string("PING"), "params": .array([])]),
        133: .inverted(["ok": .bool(true), "command": .string("PING"), "params": ["asd", "def"]]),
        461: .kept,
        // policy-emote-out-of-range: kept as sent with an empty code; a reversed range is dropped.
        441: .inverted(["ok": .bool(true), "emotes": [Self.emote("84608", 9, 11, "")]]),
        445: .kept,
        // policy-emote-clamp: places as sent, only the code is clamped to the text.
        455: .inverted(["ok": .bool(true), "text": .string("Kappa"), "emotes": [Self.emote("25", 1, 6, "appa")]]),
        493: .inverted(["ok": .bool(true), "emotes": [Self.emote("25", 40, 45, "appa")]]),
        495: .inverted([
            "ok": .bool(true),
            "emotes": [
                Self.emote("301683486", 46, 59, "taryuukiLove "), Self.emote("301683486", 60, 73, "taryuukiLove "),
                Self.emote("301683486", 74, 87, "taryuukiLove "), Self.emote("301683544", 88, 101, "taryuukiBits"),
            ],
        ]),
        // policy-bad-emotes: the message stays, unreadable emotes go.
        457: .inverted(["ok": .bool(true), "text": .string("x"), "emotes": []]),
        459: .inverted(["ok": .bool(true), "text": .string("x"), "emotes": []]),
        499: .kept,
        // policy-prefix-parts: the prefix is taken as it is.
        465: .inverted([
            "ok": .bool(true), "command": .string("PING"),
            "prefix_parts": .object(["nick": .string("a"), "user": .null, "host": .string("")]),
        ]),
    ]

    private static func emote(_ id: String, _ start: Int, _ end: Int, _ code: String) -> JSONValue {
        .object(["id": .string(id), "start": .integer(start), "end": .integer(end), "code": .string(code)])
    }

    private static func cases() throws -> [Case] {
        let decoder = JSONDecoder()
        return try Corpus.bytes("conformance.jsonl").split(separator: UInt8(ascii: "\n")).map {
            try decoder.decode(Case.self, from: Data($0))
        }
    }

    @Test func `every line reads as other libraries assert, or as our policy says`() throws {
        let cases = try Self.cases()
        #expect(cases.count == 253)
        for entry in cases {
            switch Self.choices[entry.n] {
            case .inverted(let expectation): self.check(entry, against: expectation)
            case .kept, nil: self.check(entry, against: entry.expect)
            }
        }
    }

    @Test func `every line on which libraries disagree has a choice`() throws {
        let policies = Set(try Self.cases().filter(\.isPolicy).map(\.n))
        #expect(policies == Set(Self.choices.keys))
    }

    private func check(_ entry: Case, against expectation: [String: JSONValue]) {
        let report = try? ReadingReport(entry.line)
        guard expectation["ok"] == .bool(true) else {
            if expectation["layer"] == .string("typed") {
                #expect(report != nil && report?.typed == nil, "n \(entry.n): must be refused as typed")
            } else {
                #expect(report == nil, "n \(entry.n): must be refused")
            }
            return
        }
        guard let report else {
            Issue.record("n \(entry.n): refused")
            return
        }
        for (key, expected) in expectation where key != "ok" && key != "tags_exact" {
            let actual = report.value(key)
            if key == "command", case .string(let name)? = actual, case .string(let wanted) = expected {
                #expect(name.uppercased() == wanted.uppercased(), "n \(entry.n)")
            } else if key == "tags", expectation["tags_exact"] == .bool(true) {
                #expect(actual == expected, "n \(entry.n) tags")
            } else {
                #expect(
                    actual?.satisfies(expected) == true,
                    "n \(entry.n) \(key): \(String(describing: actual)) is not \(expected)"
                )
            }
        }
    }
}

extension JSONValue: ExpressibleByArrayLiteral, ExpressibleByStringLiteral {
    init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    init(stringLiteral value: String) { self = .string(value) }
}
