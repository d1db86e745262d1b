/// `true` and its synonyms, in any case of letters.
enum BooleanText {
    static func parse(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "1", "true", "yes", "on": true
        case "0", "false", "no", "off": false
        default: nil
        }
    }
}

/// A number with a unit of time.
enum DurationText {
    static func parse(_ text: String) -> Duration? {
        guard let (number, unit) = splitUnit(text) else { return nil }
        let milliseconds: Double? =
            switch unit {
            case "ms": 1
            case "", "s": 1000
            case "m", "min": 60_000
            case "h": 3_600_000
            case "d": 86_400_000
            default: nil
            }
        guard let milliseconds, number * milliseconds < 1e15 else { return nil }
        return .milliseconds((number * milliseconds).rounded())
    }
}

/// A number with a unit of size.
enum ByteCountText {
    static func parse(_ text: String) -> Int? {
        guard let (number, unit) = splitUnit(text) else { return nil }
        let factor: Double? =
            switch unit {
            case "", "b": 1
            case "k", "kib": 1024
            case "m", "mib": 1_048_576
            case "g", "gib": 1_073_741_824
            case "t", "tib": 1_099_511_627_776
            case "kb": 1e3
            case "mb": 1e6
            case "gb": 1e9
            case "tb": 1e12
            default: nil
            }
        guard let factor, number * factor < 9e18 else { return nil }
        return Int(number * factor)
    }
}

/// `1.5h` to `(1.5, "h")`; nil when there is no number at the front.
private func splitUnit(_ text: String) -> (number: Double, unit: String)? {
    let digits = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
    guard let number = Double(digits) else { return nil }
    return (number, text[digits.endIndex...].trimmingWhitespace().lowercased())
}
