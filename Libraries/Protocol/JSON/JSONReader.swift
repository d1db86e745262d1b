/// Reads JSON in one pass over contiguous bytes: the hot path's decoder.
///
/// It asks for what it expects next and throws `EnvelopeError.malformed` where that is not what stands there. No input
/// makes it trap: every access is behind a check of `position`, and nesting is limited.
@safe
struct JSONReader {
    /// How deep objects and arrays may be nested.
    static let depthLimit = 32

    private let bytes: UnsafeBufferPointer<UInt8>
    private let count: Int
    /// The next byte to read.
    private(set) var position: Int
    private var depth = 0

    /// The bytes must outlive the reader.
    init(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int = 0) {
        unsafe self.bytes = bytes
        count = bytes.count
        self.position = position
    }

    /// The byte at an index that is not negative; 0, which no JSON has outside of its strings, behind the end.
    @inline(__always)
    private func byte(at index: Int) -> UInt8 {
        unsafe index < count ? bytes[index] : 0
    }

    func malformed(_ what: String) -> EnvelopeError {
        .malformed("\(what) at byte \(position)")
    }

    /// Goes back to a position that was read before.
    mutating func rewind(to position: Int) {
        self.position = position
    }

    /// The next byte that is not white space, or 0, which nothing in JSON begins with, at the end.
    @inline(__always)
    mutating func peek() -> UInt8 {
        while position < count {
            let byte = byte(at: position)
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            position += 1
        }
        return 0
    }

    @inline(__always)
    mutating func expect(_ character: Unicode.Scalar) throws(EnvelopeError) {
        guard peek() == UInt8(ascii: character) else { throw malformed("expected '\(character)'") }
        position += 1
    }

    /// Whether the next byte is this one; takes it if so.
    @inline(__always)
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// Takes the bytes that stand in this range of others, if they are the next; white space is not passed over.
    mutating func take(_ others: [UInt8], _ range: Range<Int>) -> Bool {
        guard position + range.count <= count else { return false }
        guard unsafe others.withUnsafeBufferPointer({ unsafe matches(UnsafeBufferPointer(rebasing: $0[range])) }) else {
            return false
        }
        position += range.count
        return true
    }

    /// Whether these bytes, of which there are no more than are left, are the next.
    @inline(__always)
    private func matches(_ others: UnsafeBufferPointer<UInt8>) -> Bool {
        let (here, there) = unsafe (UnsafeRawBufferPointer(bytes), UnsafeRawBufferPointer(others))
        var index = 0
        while index + 8 <= there.count {
            let word = unsafe there.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            guard unsafe word == here.loadUnaligned(fromByteOffset: position + index, as: UInt64.self) else {
                return false
            }
            index += 8
        }
        while index < there.count {
            guard unsafe there[index] == here[position + index] else { return false }
            index += 1
        }
        return true
    }

    mutating func expectEnd() throws(EnvelopeError) {
        guard peek() == 0, position >= count else { throw malformed("unexpected bytes after the value") }
    }

    /// Enters an object or array.
    mutating func open(_ bracket: Unicode.Scalar) throws(EnvelopeError) {
        try expect(bracket)
        depth += 1
        guard depth <= Self.depthLimit else { throw malformed("nested deeper than \(Self.depthLimit)") }
    }

    /// Goes to the next element: false, and out of the array or object, when there is none.
    mutating func next(_ isFirst: inout Bool, until bracket: Unicode.Scalar) throws(EnvelopeError) -> Bool {
        if take(bracket) {
            depth -= 1
            return false
        }
        if !isFirst { try expect(",") }
        isFirst = false
        return true
    }

    /// Takes `null` if it stands here.
    mutating func takeNull() throws(EnvelopeError) -> Bool {
        guard peek() == UInt8(ascii: "n") else { return false }
        try literal("null")
        return true
    }

    mutating func bool() throws(EnvelopeError) -> Bool {
        if peek() == UInt8(ascii: "t") {
            try literal("true")
            return true
        }
        try literal("false")
        return false
    }

    private mutating func literal(_ word: StaticString) throws(EnvelopeError) {
        for index in 0..<word.utf8CodeUnitCount {
            guard unsafe byte(at: position + index) == word.utf8Start[index] else {
                throw malformed("expected \(word)")
            }
        }
        position += word.utf8CodeUnitCount
    }
}

// MARK: - Numbers

extension JSONReader {
    /// A whole number; `5.0` and `5e0` are whole.
    mutating func integer() throws(EnvelopeError) -> Int {
        _ = peek()
        let start = position
        let isNegative = take("-")
        let digits = position
        var value = 0
        while true {
            let digit = byte(at: position) &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflows) =
                isNegative
                ? shifted.subtractingReportingOverflow(Int(digit)) : shifted.addingReportingOverflow(Int(digit))
            guard !overflow, !overflows else { throw malformed("number too large") }
            value = sum
            position += 1
        }
        guard position > digits else { throw malformed("expected a number") }
        guard position == digits + 1 || byte(at: digits) != UInt8(ascii: "0") else {
            throw malformed("leading zero")
        }
        guard byte(at: position) == UInt8(ascii: ".") || byte(at: position) | 0x20 == UInt8(ascii: "e") else {
            return value
        }
        position = start
        let range = try number()
        guard let double = unsafe Double(String(decoding: bytes[range], as: UTF8.self)),
            let whole = Int(exactly: double)
        else {
            throw malformed("expected a whole number")
        }
        return whole
    }

    /// The bytes of any JSON number.
    @discardableResult
    private mutating func number() throws(EnvelopeError) -> Range<Int> {
        let start = position
        if byte(at: position) == UInt8(ascii: "-") { position += 1 }
        let whole = position
        try digits()
        guard position == whole + 1 || byte(at: whole) != UInt8(ascii: "0") else { throw malformed("leading zero") }
        if byte(at: position) == UInt8(ascii: ".") {
            position += 1
            try digits()
        }
        if byte(at: position) | 0x20 == UInt8(ascii: "e") {
            position += 1
            if [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(byte(at: position)) { position += 1 }
            try digits()
        }
        return start..<position
    }

    private mutating func digits() throws(EnvelopeError) {
        let start = position
        while byte(at: position) &- UInt8(ascii: "0") < 10 { position += 1 }
        guard position > start else { throw malformed("expected a digit") }
    }
}

// MARK: - Whatever stands there

extension JSONReader {
    /// Passes over one value of any kind and returns where its bytes are.
    @discardableResult
    mutating func skip() throws(EnvelopeError) -> Range<Int> {
        let first = peek()
        let start = position
        var isFirst = true
        switch first {
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "{"):
            try open("{")
            while try next(&isFirst, until: "}") {
                guard peek() == UInt8(ascii: "\"") else { throw malformed("expected a key") }
                _ = try string()
                try expect(":")
                try skip()
            }
        case UInt8(ascii: "["):
            try open("[")
            while try next(&isFirst, until: "]") { try skip() }
        case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try bool()
        case UInt8(ascii: "n"): _ = try takeNull()
        default: try number()
        }
        return start..<position
    }
}

// MARK: - Strings

extension JSONReader {
    /// A string, its escapes resolved.
    mutating func string() throws(EnvelopeError) -> String {
        let (range, hasEscapes) = try stringRange()
        let text: String? =
            if hasEscapes {
                unsafe try unescape(range).withUnsafeBufferPointer { unsafe JSONText.string($0) }
            } else {
                unsafe JSONText.string(UnsafeBufferPointer(rebasing: bytes[range]))
            }
        guard let text else { throw malformed("string is not UTF-8") }
        return text
    }

    mutating func timestamp() throws(EnvelopeError) -> Timestamp {
        let (range, hasEscapes) = try stringRange()
        let timestamp: Timestamp? =
            if hasEscapes {
                unsafe try unescape(range).withUnsafeBufferPointer { unsafe Timestamp(rfc3339: $0) }
            } else {
                unsafe Timestamp(rfc3339: UnsafeBufferPointer(rebasing: bytes[range]))
            }
        guard let timestamp else { throw malformed("not an RFC 3339 time") }
        return timestamp
    }

    /// The inside of a string that must hold no escapes, such as a key or an identifier of ours; nil if it does.
    mutating func plainString() throws(EnvelopeError) -> UnsafeBufferPointer<UInt8>? {
        let (range, hasEscapes) = try stringRange()
        return unsafe hasEscapes ? nil : UnsafeBufferPointer(rebasing: bytes[range])
    }

    /// Passes over a string and returns where its inside is.
    private mutating func stringRange() throws(EnvelopeError) -> (Range<Int>, hasEscapes: Bool) {
        try expect("\"")
        let start = position
        var hasEscapes = false
        while true {
            position = unsafe JSONText.plainEnd(bytes, from: position)
            guard position < count else { throw malformed("string without end") }
            switch byte(at: position) {
            case UInt8(ascii: "\""):
                position += 1
                return (start..<position - 1, hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                position = min(position + 2, count)
            default:
                throw malformed("control character in a string")
            }
        }
    }

    private func unescape(_ range: Range<Int>) throws(EnvelopeError) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            let run = unsafe min(JSONText.plainEnd(bytes, from: index), range.upperBound)
            unsafe text.append(contentsOf: bytes[index..<run])
            index = run
            guard index + 1 < range.upperBound else { break }
            let escape = byte(at: index + 1)
            index += 2
            switch escape {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escape)
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "u"): text.append(contentsOf: Array(String(try scalar(&index, range.upperBound)).utf8))
            default: throw malformed("unknown escape")
            }
        }
        return text
    }

    /// The scalar whose four hexadecimal digits begin at `index`, with its second half where it is a surrogate.
    private func scalar(_ index: inout Int, _ end: Int) throws(EnvelopeError) -> Unicode.Scalar {
        var value = try codeUnit(&index, end)
        if value & 0xFC00 == 0xD800, index + 6 <= end, byte(at: index) == UInt8(ascii: "\\"),
            byte(at: index + 1) == UInt8(ascii: "u")
        {
            index += 2
            let low = try codeUnit(&index, end)
            guard low & 0xFC00 == 0xDC00 else { throw malformed("lone surrogate") }
            value = 0x10000 + (value & 0x3FF) << 10 + low & 0x3FF
        }
        guard let scalar = Unicode.Scalar(value) else { throw malformed("lone surrogate") }
        return scalar
    }

    private func codeUnit(_ index: inout Int, _ end: Int) throws(EnvelopeError) -> UInt32 {
        guard index + 4 <= end else { throw malformed("escape without end") }
        var value: UInt32 = 0
        for position in index..<index + 4 {
            guard let digit = JSONText.hexValue(byte(at: position)) else {
                throw malformed("escape is not hexadecimal")
            }
            value = value << 4 | digit
        }
        index += 4
        return value
    }
}
