import Protocol

/// A calendar month in UTC: what one partition of `chat_messages` holds.
struct Month: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Months since January of the year 0.
    let index: Int

    init(year: Int, month: Int) {
        index = year * 12 + month - 1
    }

    /// The month of a moment.
    init(_ time: Timestamp) {
        let (days, _) = Self.division(Int(time.rawValue), 86_400_000)
        // Howard Hinnant's civil_from_days: years begin in March, so that a leap day is the last of its year.
        let shifted = days + 719_468
        let (era, dayOfEra) = Self.division(shifted, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        self.init(year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month)
    }

    private init(index: Int) {
        self.index = index
    }

    var year: Int { Self.division(index, 12).quotient }
    var month: Int { Self.division(index, 12).remainder + 1 }
    var next: Month { advanced(by: 1) }

    func advanced(by months: Int) -> Month { Month(index: index + months) }

    /// Its first moment.
    var start: Timestamp {
        let shiftedYear = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = Self.division(shiftedYear, 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Timestamp(milliseconds: Int64(era * 146_097 + dayOfEra - 719_468) * 86_400_000)
    }

    /// `2026-11`.
    var description: String { "\(year)-\(month < 10 ? "0" : "")\(month)" }

    static func < (a: Month, b: Month) -> Bool { a.index < b.index }

    /// The months of the chat messages among these.
    static func months(of events: [Envelope]) -> Set<Month> {
        var months: Set<Month> = []
        var range: Range<Timestamp>?
        for envelope in events {
            guard case .chatMessage(let message) = envelope.event, range?.contains(message.sentAt) != true else {
                continue
            }
            let month = Month(message.sentAt)
            months.insert(month)
            range = month.start..<month.next.start
        }
        return months
    }

    private static func division(_ value: Int, _ divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
