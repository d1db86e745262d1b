import ArgumentParser
import Protocol

/// A moment on the command line: RFC 3339, a date or a date and time in UTC, `now`, or how long ago.
enum TimeArgument: Hashable, Sendable, ExpressibleByArgument {
    case moment(Timestamp)
    /// Milliseconds before now.
    case ago(Int64)

    private static let units: [Character: Int64] = [
        "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000,
    ]

    init?(argument: String) {
        if argument == "now" {
            self = .ago(0)
        } else if let unit = argument.last, let length = Self.units[unit], let count = Int64(argument.dropLast()),
            (1...99_999).contains(count)
        {
            self = .ago(count * length)
        } else if let moment = Self.moment(argument) {
            self = .moment(moment)
        } else {
            return nil
        }
    }

    func timestamp(at now: Timestamp) -> Timestamp {
        switch self {
        case .moment(let moment): moment
        case .ago(let milliseconds): Timestamp(rawValue: now.rawValue - milliseconds)
        }
    }

    /// What is left out is zero, and UTC.
    private static func moment(_ text: String) -> Timestamp? {
        if let moment = Timestamp(text) { return moment }
        let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == " " || $0 == "T" }
        guard let date = parts.first else { return nil }
        guard parts.count == 2 else { return Timestamp("\(date)T00:00:00Z") }
        return Timestamp("\(date)T\(parts[1])Z") ?? Timestamp("\(date)T\(parts[1]):00Z")
    }
}
