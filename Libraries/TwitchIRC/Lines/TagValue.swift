/// IRCv3's escaping of tag values and the values' basic shapes.
enum TagValue {
    /// One pass from left to right: `\:` `\s` `\\` `\r` `\n`; a backslash before any other character, or at the end,
    /// is dropped.
    static func unescape(_ bytes: ArraySlice<UInt8>) -> String {
        guard Self.holdsBackslash(bytes.span) else { return String(decoding: bytes, as: UTF8.self) }
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var escaped = false
        for byte in bytes {
            if escaped {
                plain.append(Self.character(escapedAs: byte))
                escaped = false
            } else if byte == .backslash {
                escaped = true
            } else {
                plain.append(byte)
            }
        }
        return String(decoding: plain, as: UTF8.self)
    }

    static func flag(_ bytes: ArraySlice<UInt8>) -> Bool? {
        if bytes.count == 1 {
            switch bytes.first {
            case UInt8(ascii: "1"): return true
            case UInt8(ascii: "0"): return false
            default: return nil
            }
        }
        if bytes.elementsEqual("true".utf8) { return true }
        if bytes.elementsEqual("false".utf8) { return false }
        return nil
    }

    private static func holdsBackslash(_ span: Span<UInt8>) -> Bool {
        for index in span.indices where span[index] == .backslash { return true }
        return false
    }

    private static func character(escapedAs byte: UInt8) -> UInt8 {
        switch byte {
        case .colon: .semicolon
        case UInt8(ascii: "s"): .space
        case UInt8(ascii: "r"): .carriageReturn
        case UInt8(ascii: "n"): .lineFeed
        default: byte
        }
    }
}

/// Whole decimal numbers in bytes.
enum DecimalNumber {
    /// The largest count that is taken for one: no sum of counts overflows, and every database has a column for it.
    static let largestCount = Int(Int32.max)

    static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    /// Digits with an optional minus; nil for anything else and for what does not fit.
    static func read(_ bytes: ArraySlice<UInt8>) -> Int? {
        var digits = bytes
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits = digits.dropFirst() }
        guard !digits.isEmpty else { return nil }
        var value = 0
        for byte in digits {
            guard Self.isDigit(byte) else { return nil }
            let (tens, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (next, overflow) = tens.addingReportingOverflow(Int(byte &- UInt8(ascii: "0")))
            if tooLarge || overflow { return nil }
            value = next
        }
        return isNegative ? -value : value
    }
}
