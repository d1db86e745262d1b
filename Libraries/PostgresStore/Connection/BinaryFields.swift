import EventStore
import FoundationEssentials
import Protocol

/// Values in PostgreSQL's binary form, one after the other: each its length and its bytes, or -1 for NULL.
///
/// It is the form of COPY's rows; parameters of a statement point into it.
struct BinaryFields: Sendable {
    /// Where a parameter's bytes are.
    struct Place: Hashable, Sendable {
        /// Negative for NULL.
        var start: Int
        var count: Int
    }

    private(set) var bytes: [UInt8] = []
    private(set) var places: [Place] = []
    private let keepsPlaces: Bool

    private init(keepsPlaces: Bool) {
        self.keepsPlaces = keepsPlaces
    }

    /// No parameters yet.
    static var parameters: BinaryFields { BinaryFields(keepsPlaces: true) }

    /// The beginning of COPY's binary format.
    static var copy: BinaryFields {
        var fields = BinaryFields(keepsPlaces: false)
        fields.bytes = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00] + Array(repeating: 0, count: 8)
        return fields
    }

    mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

    // MARK: COPY

    mutating func beginRow(_ fieldCount: Int) { append(Int16(fieldCount)) }

    mutating func endRows() { append(Int16(-1)) }

    // MARK: Values

    mutating func null() {
        if keepsPlaces { places.append(Place(start: -1, count: 0)) }
        append(Int32(-1))
    }

    mutating func skip(_ count: Int) {
        for _ in 0..<count { null() }
    }

    /// NUL, which PostgreSQL's text cannot hold, becomes U+FFFD.
    mutating func text(_ value: String) {
        let value = value.hasNUL ? value.replacingNUL : value
        begin(value.utf8.count)
        bytes.append(contentsOf: value.utf8)
    }

    mutating func text(_ value: String?) {
        guard let value else { return null() }
        text(value)
    }

    /// A 32-bit column; what does not fit becomes the nearest that does.
    mutating func integer(_ value: some BinaryInteger) {
        begin(4)
        append(Int32(clamping: value))
    }

    mutating func integer(_ value: Int?) {
        guard let value else { return null() }
        integer(value)
    }

    /// A 64-bit column.
    mutating func bigInteger(_ value: Int64) {
        begin(8)
        append(value)
    }

    mutating func boolean(_ value: Bool) {
        begin(1)
        bytes.append(value ? 1 : 0)
    }

    mutating func boolean(_ value: Bool?) {
        guard let value else { return null() }
        boolean(value)
    }

    /// `timestamptz`: microseconds since 2000.
    mutating func time(_ value: Timestamp) {
        bigInteger(value.postgresMicroseconds)
    }

    mutating func time(_ value: Timestamp?) {
        guard let value else { return null() }
        time(value)
    }

    mutating func offset(_ value: Offset) {
        bigInteger(Int64(bitPattern: value.rawValue))
    }

    mutating func blob(_ value: [UInt8]) {
        begin(value.count)
        bytes.append(contentsOf: value)
    }

    /// A line as its two columns, `raw` and `raw_base64`.
    mutating func raw(_ line: String?, base64: String?) {
        let line = RawLine(line, base64: base64)
        text(line.text)
        text(line.base64)
    }

    /// A one-dimensional array of elements that are appended by `element`.
    mutating func array<Element>(
        _ type: ArrayType,
        _ elements: [Element],
        _ element: (inout BinaryFields, Element) -> Void
    ) {
        var content = BinaryFields(keepsPlaces: false)
        content.append(Int32(elements.isEmpty ? 0 : 1))
        content.append(Int32(0))
        content.append(type.rawValue)
        if !elements.isEmpty {
            content.append(Int32(clamping: elements.count))
            content.append(Int32(1))
            for value in elements { element(&content, value) }
        }
        blob(content.bytes)
    }

    /// The OIDs of `pg_type` that never change.
    enum ArrayType: Int32 {
        case text = 25
        case int4 = 23
        case int8 = 20
    }

    private mutating func begin(_ count: Int) {
        append(Int32(count))
        if keepsPlaces { places.append(Place(start: bytes.count, count: count)) }
    }

    private mutating func append(_ value: some FixedWidthInteger) {
        unsafe withUnsafeBytes(of: value.bigEndian) { unsafe bytes.append(contentsOf: $0) }
    }
}

extension Timestamp {
    /// Microseconds since 2000-01-01, PostgreSQL's own count; beyond years 0 to 9999 the nearest moment that has a text.
    var postgresMicroseconds: Int64 {
        let milliseconds = min(max(rawValue, -62_167_219_200_000), 253_402_300_799_999)
        return (milliseconds - 946_684_800_000) * 1000
    }
}
