/// Writes JSON without insignificant white space straight into an array's storage: the hot path's encoder.
///
/// It counts on when the storage is full, so that a second run knows how much is needed. A comma is due wherever the byte
/// before is not an opening bracket: nothing else can stand before a key or an element.
@safe
struct JSONWriter {
    private let buffer: UnsafeMutableBufferPointer<UInt8>
    private let capacity: Int
    /// Bytes needed so far; those beyond the buffer are not written.
    private var count = 0

    private init(_ buffer: UnsafeMutableBufferPointer<UInt8>) {
        unsafe self.buffer = buffer
        capacity = buffer.count
    }

    /// The bytes that `body` writes: one allocation when `capacity` is enough, two when it is not.
    static func bytes(capacity: Int, _ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var capacity = capacity
        while true {
            var needed = 0
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initialized in
                var writer = unsafe JSONWriter(buffer)
                body(&writer)
                needed = writer.count
                initialized = needed <= buffer.count ? needed : 0
            }
            if bytes.count == needed { return bytes }
            capacity = needed
        }
    }

    mutating func byte(_ byte: Unicode.Scalar) {
        put(UInt8(ascii: byte))
    }

    /// Bytes as they are.
    mutating func raw(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append($0) }
    }

    /// A literal as it is.
    mutating func raw(_ literal: StaticString) {
        unsafe append(UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }

    /// A text as it is, without quotes; only for what needs no escapes.
    mutating func raw(_ text: String) {
        var text = text
        text.withUTF8 { unsafe append($0) }
    }

    /// The comma, if one is due before the next key or element.
    mutating func separator() {
        guard count > 0, count <= capacity else {
            count += 1
            return
        }
        let last = unsafe buffer[count - 1]
        if last != UInt8(ascii: "{"), last != UInt8(ascii: "[") { put(UInt8(ascii: ",")) }
    }

    /// `"key":`, after a comma if one is due. The key needs no escapes.
    mutating func key(_ key: StaticString) {
        separator()
        put(UInt8(ascii: "\""))
        raw(key)
        put(UInt8(ascii: "\""))
        put(UInt8(ascii: ":"))
    }

    mutating func integer(_ value: some FixedWidthInteger) {
        var magnitude = UInt64(value.magnitude)
        guard magnitude > 9 || value < 0 else { return put(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude)) }
        if value < 0 { put(UInt8(ascii: "-")) }
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var start = 20
            repeat {
                start -= 1
                unsafe digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude % 10)
                magnitude /= 10
            } while magnitude > 0
            unsafe append(UnsafeBufferPointer(rebasing: digits[start...]))
        }
    }

    mutating func timestamp(_ value: Timestamp) {
        put(UInt8(ascii: "\""))
        if count + Timestamp.textLength <= capacity {
            unsafe value.write(into: UnsafeMutableBufferPointer(rebasing: buffer[count...]))
        }
        count += Timestamp.textLength
        put(UInt8(ascii: "\""))
    }

    /// A string in quotes, escaped as RFC 8259 requires and no further.
    mutating func string(_ text: String) {
        put(UInt8(ascii: "\""))
        escaped(text)
        put(UInt8(ascii: "\""))
    }

    /// The inside of a string.
    mutating func escaped(_ text: String) {
        var text = text
        text.withUTF8 { unsafe appendEscaped($0) }
    }
}

extension JSONWriter {
    private mutating func put(_ byte: UInt8) {
        if count < capacity { unsafe buffer[count] = byte }
        count += 1
    }

    private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        let length = bytes.count
        if count + length <= capacity, let from = bytes.baseAddress, let to = unsafe buffer.baseAddress {
            unsafe (to + count).update(from: from, count: length)
        }
        count += length
    }

    /// Copies runs of plain bytes whole, found eight bytes at a time.
    private mutating func appendEscaped(_ bytes: UnsafeBufferPointer<UInt8>) {
        var start = 0
        var index = 0
        let count = bytes.count
        while index < count {
            index = unsafe JSONText.plainEnd(bytes, from: index)
            unsafe append(UnsafeBufferPointer(rebasing: bytes[start..<index]))
            guard index < count else { return }
            unsafe escape(bytes[index])
            index += 1
            start = index
        }
    }

    private mutating func escape(_ byte: UInt8) {
        put(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): put(byte)
        case 0x08: put(UInt8(ascii: "b"))
        case 0x09: put(UInt8(ascii: "t"))
        case 0x0A: put(UInt8(ascii: "n"))
        case 0x0C: put(UInt8(ascii: "f"))
        case 0x0D: put(UInt8(ascii: "r"))
        default:
            raw("u00")
            put(JSONText.hexDigit(byte >> 4))
            put(JSONText.hexDigit(byte & 0xF))
        }
    }
}
