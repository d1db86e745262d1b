import FoundationEssentials
import Protocol
import TestSupport
import Testing

@Suite struct TimestampTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1, "1970-01-01T00:00:00.001Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (1_763_805_600_123, "2025-11-22T10:00:00.123Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (-2_203_891_200_000, "1900-03-01T00:00:00.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"), (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
        ] as [(Int64, String)]
    )
    func `is written and read as RFC 3339`(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
        #expect(Timestamp(text)?.rawValue == milliseconds)
    }

    @Test func `every day of 400 years follows the one before`() {
        var (year, month, day) = (1970, 1, 1)
        for count in 0..<146_097 {
            let text = Timestamp(milliseconds: Int64(count) * 86_400_000).description
            let expected = [(year, 4), (month, 2), (day, 2)].map { number, width in
                String(repeating: "0", count: width - String(number).count) + String(number)
            }
            guard text.hasPrefix(expected.joined(separator: "-") + "T"),
                Timestamp(text)?.rawValue == Int64(count) * 86_400_000
            else {
                Issue.record("day \(count) is \(text)")
                return
            }
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let length = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
            day += 1
            if day > length { (day, month) = (1, month + 1) }
            if month > 12 { (month, year) = (1, year + 1) }
        }
    }

    @Test func `agrees with Foundation at random moments`() throws {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<5_000 {
            let seconds = Int64.random(in: -12_000_000_000...250_000_000_000, using: &random)
            let text = Timestamp(milliseconds: seconds * 1000).description
            let date = Date(timeIntervalSince1970: Double(seconds))
            // Foundation's calendar is Julian before 1582; -12,000,000,000 s is 1589.
            #expect(text == date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
        }
    }

    @Test func `round trips at random moments`() {
        var random = SeededGenerator(seed: 6)
        for _ in 0..<20_000 {
            let timestamp = Timestamp(
                milliseconds: .random(in: -62_167_219_200_000...253_402_300_799_999, using: &random)
            )
            #expect(Timestamp(timestamp.description) == timestamp)
        }
    }

    @Test(
        arguments: [
            ("2025-11-22T10:00:00Z", 0), ("2025-11-22T10:00:00.1Z", 100), ("2025-11-22T10:00:00.12Z", 120),
            ("2025-11-22T10:00:00.1239Z", 123), ("2025-11-22T10:00:00.123456789Z", 123),
            ("2025-11-22T12:00:00+02:00", 0), ("2025-11-22T04:30:00.5-05:30", 500), ("2025-11-22t10:00:00z", 0),
            ("2025-11-22T09:59:60Z", 0),
        ] as [(String, Int64)]
    )
    func `reads every form of RFC 3339`(text: String, milliseconds: Int64) {
        #expect(Timestamp(text)?.rawValue == 1_763_805_600_000 + milliseconds)
    }

    @Test(arguments: [
        "", "2025", "2025-11-22", "2025-11-22T10:00:00", "2025-11-22 10:00:00Z", "2025-11-22T10:00:00.Z",
        "2025-11-22T10:00:00.1234567890Z", "2025-13-01T10:00:00Z", "2025-00-01T10:00:00Z", "2025-02-29T10:00:00Z",
        "2025-11-00T10:00:00Z", "2025-11-31T10:00:00Z", "2025-11-22T24:00:00Z", "2025-11-22T10:60:00Z",
        "2025-11-22T10:00:61Z", "2025-11-22T10:00:00+24:00", "2025-11-22T10:00:00+0200", "2025-11-22T10:00:00ZZ",
        "-025-11-22T10:00:00Z", "2025-11-22T10:00:00.12aZ", "２025-11-22T10:00:00Z", "2025-11-22T10:00:00+02:60",
    ])
    func `refuses nonsense`(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test func `a moment that four digits cannot say is written as the nearest that they can`() {
        #expect(Timestamp(milliseconds: .max).description == "9999-12-31T23:59:59.999Z")
        #expect(Timestamp(milliseconds: .min).description == "0000-01-01T00:00:00.000Z")
    }

    @Test func `a clock that is passed in tells the time`() {
        #expect(WallClock { Timestamp(milliseconds: 7) }.now().rawValue == 7)
        #expect(WallClock.system.now() > Timestamp(milliseconds: 1_700_000_000_000))
    }
}
