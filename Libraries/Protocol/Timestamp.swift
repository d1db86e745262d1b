/// A moment as whole milliseconds since 1970-01-01T00:00:00Z.
///
/// In JSON it is RFC 3339 with milliseconds and `Z`: `2026-11-22T10:00:00.123Z`.
package struct Timestamp: RawRepresentable, Hashable, Comparable, Sendable {
    /// Milliseconds since 1970.
    package let rawValue: Int64

    package init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    package static func < (a: Timestamp, b: Timestamp) -> Bool { a.rawValue < b.rawValue }
}

extension Timestamp: Codable {
    package init(from decoder: any Decoder) throws {
        self.init(rawValue: try decoder.singleValueContainer().decode(Int64.self))
    }
}
