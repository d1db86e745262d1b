import Protocol
import Testing

@testable import collector

@Suite struct TimeArgumentTests {
    private static let now = Timestamp(rawValue: 1_795_341_600_000)

    @Test(arguments: [
        ("2026-11-22T10:00:00.5Z", "2026-11-22T10:00:00.500Z"),
        ("2026-11-22T10:00:00+09:00", "2026-11-22T01:00:00.000Z"),
        ("2026-11-22", "2026-11-22T00:00:00.000Z"), ("2026-11-22 10:15", "2026-11-22T10:15:00.000Z"),
        ("2026-11-22T10:15:30", "2026-11-22T10:15:30.000Z"), ("now", "2026-11-22T10:00:00.000Z"),
        ("90m", "2026-11-22T08:30:00.000Z"), ("7d", "2026-11-15T10:00:00.000Z"), ("2w", "2026-11-08T10:00:00.000Z"),
    ])
    func `it reads dates, times and how long ago`(text: String, expected: String) {
        #expect(TimeArgument(argument: text)?.timestamp(at: Self.now).description == expected)
    }

    @Test(arguments: ["", "yesterday", "2026-13-01", "2026-11-22 25:00", "0h", "-3h", "1.5h", "h", "2026-11-22 ", " "])
    func `anything else is refused`(text: String) {
        #expect(TimeArgument(argument: text) == nil)
    }

    @Test func `without times it is the last day, and the future is left out`() throws {
        let day = try CoverageRange(from: nil, to: nil, now: Self.now)
        #expect(day.through == Self.now && day.milliseconds == 86_400_000)
        let cut = try CoverageRange(from: .ago(1000), to: .ago(-5000), now: Self.now)
        #expect(cut.through == Self.now && cut.milliseconds == 1000)
        #expect(throws: (any Error).self) { try CoverageRange(from: .ago(0), to: nil, now: Self.now) }
        #expect(throws: (any Error).self) { try CoverageRange(from: .ago(5), to: .ago(10), now: Self.now) }
    }
}
