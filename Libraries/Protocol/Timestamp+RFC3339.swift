// Civil dates from days and back by Howard Hinnant's algorithms (https://howardhinnant.github.io/date_algorithms.html):
// a few integer divisions, no calendar, no locale. The gateway writes four times per message.

extension Timestamp {
    /// Bytes of the text form.
    static let textLength = 24

    /// The first and last moments that four digits of a year can say.
    static let textRange: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999

    /// Writes the text form into the first `textLength` bytes of a buffer.
    func write(into buffer: UnsafeMutableBufferPointer<UInt8>) {
        precondition(buffer.count >= Self.textLength, "a timestamp needs 24 bytes")
        let moment = min(max(rawValue, Self.textRange.lowerBound), Self.textRange.upperBound)
        let (days, millisecond) = Self.floorDivide(moment, 86_400_000)
        let (year, month, day) = Self.civil(days)
        let second = millisecond / 1000

        func digits(_ value: Int64, _ count: Int, at position: Int) {
            var value = value
            for index in stride(from: position + count - 1, through: position, by: -1) {
                unsafe buffer[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10)
                value /= 10
            }
        }
        digits(year, 4, at: 0)
        unsafe buffer[4] = UInt8(ascii: "-")
        digits(month, 2, at: 5)
        unsafe buffer[7] = UInt8(ascii: "-")
        digits(day, 2, at: 8)
        unsafe buffer[10] = UInt8(ascii: "T")
        digits(second / 3600, 2, at: 11)
        unsafe buffer[13] = UInt8(ascii: ":")
        digits(second / 60 % 60, 2, at: 14)
        unsafe buffer[16] = UInt8(ascii: ":")
        digits(second % 60, 2, at: 17)
        unsafe buffer[19] = UInt8(ascii: ".")
        digits(millisecond % 1000, 3, at: 20)
        unsafe buffer[23] = UInt8(ascii: "Z")
    }

    /// Reads `YYYY-MM-DDTHH:MM:SS[.f…](Z|±HH:MM)`.
    init?(rfc3339 text: UnsafeBufferPointer<UInt8>) {
        guard text.count >= 20, text.count <= 35 else { return nil }
        func number(_ position: Int, _ count: Int) -> Int64? {
            guard position + count <= text.count else { return nil }
            var value: Int64 = 0
            for index in position..<position + count {
                let digit = unsafe text[index] &- UInt8(ascii: "0")
                guard digit < 10 else { return nil }
                value = value * 10 + Int64(digit)
            }
            return value
        }
        func has(_ byte: Unicode.Scalar, at position: Int) -> Bool {
            unsafe position < text.count && text[position] == UInt8(ascii: byte)
        }
        guard has("-", at: 4), has("-", at: 7), has("T", at: 10) || has("t", at: 10), has(":", at: 13),
            has(":", at: 16),
            let year = number(0, 4), let month = number(5, 2), let day = number(8, 2),
            let hour = number(11, 2), let minute = number(14, 2), let second = number(17, 2),
            (1...12).contains(month), day >= 1, day <= Self.days(ofMonth: month, year: year),
            hour < 24, minute < 60, second <= 60  // a leap second is the first of the next minute
        else { return nil }

        var position = 19
        var milliseconds: Int64 = 0
        if has(".", at: position) {
            let start = position + 1
            position = start
            while position < text.count, unsafe text[position] &- UInt8(ascii: "0") < 10 { position += 1 }
            let digits = position - start
            guard (1...9).contains(digits), var fraction = number(start, min(digits, 3)) else { return nil }
            for _ in digits..<max(digits, 3) { fraction *= 10 }
            milliseconds = fraction
        }

        var offset: Int64 = 0
        if has("Z", at: position) || has("z", at: position) {
            position += 1
        } else {
            guard has("+", at: position) || has("-", at: position), has(":", at: position + 3),
                let hours = number(position + 1, 2), let minutes = number(position + 4, 2), hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 60 + minutes) * (has("-", at: position) ? -60 : 60)
            position += 6
        }
        guard position == text.count else { return nil }
        let seconds = Self.days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset
        self.init(rawValue: seconds * 1000 + milliseconds)
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    /// Year, month and day of a count of days since 1970-01-01.
    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153  // months counted from March
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    /// Days since 1970-01-01.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = floorDivide(shiftedYear, 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func days(ofMonth month: Int64, year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
