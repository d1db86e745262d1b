/// What reader and writer both know of a JSON string's bytes.
enum JSONText {
    /// The first byte at or after `index` that cannot stand for itself in a JSON string: `"`, `\` or a control
    /// character. The count of the bytes if there is none.
    static func plainEnd(_ bytes: UnsafeBufferPointer<UInt8>, from index: Int) -> Int {
        guard let base = bytes.baseAddress else { return index }
        let raw = unsafe UnsafeRawPointer(base)
        let count = bytes.count
        var index = index
        while index + 8 <= count {
            let word = unsafe UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let found = special(word)
            // The lowest mark is exact; a borrow can only add false ones above it.
            if found != 0 { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < count {
            let byte = unsafe bytes[index]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return index }
            index += 1
        }
        return index
    }

    /// Bit 7 of each byte that is `"`, `\` or below 0x20, all eight at once.
    private static func special(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = word ^ (ones &* 0x22)
        let backslashes = word ^ (ones &* 0x5C)
        let controls = (word &- (ones &* 0x20)) & ~word
        return (((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes) | controls) & (ones &* 0x80)
    }

    /// The text of these bytes; nil if they are not UTF-8.
    ///
    /// `String(validating:as:)` looks up generic metadata at each call, 0.2 µs: instead it is repaired and compared.
    static func string(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        let text = unsafe String(decoding: bytes, as: UTF8.self)
        guard text.utf8.count == bytes.count else { return nil }
        let isUnchanged = unsafe text.utf8.withContiguousStorageIfAvailable { unsafe areEqual($0, bytes) }
        return isUnchanged == true ? text : nil
    }

    /// Whether two buffers of the same length hold the same bytes.
    private static func areEqual(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
        let (first, second) = (UnsafeRawBufferPointer(a), UnsafeRawBufferPointer(b))
        var index = 0
        while index + 8 <= first.count {
            let left = unsafe first.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            guard unsafe left == second.loadUnaligned(fromByteOffset: index, as: UInt64.self) else { return false }
            index += 8
        }
        while index < first.count {
            guard unsafe first[index] == second[index] else { return false }
            index += 1
        }
        return true
    }

    static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + (value - 10)
    }

    /// The value of a hexadecimal digit of either case.
    static func hexValue(_ digit: UInt8) -> UInt32? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(digit - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(digit - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
