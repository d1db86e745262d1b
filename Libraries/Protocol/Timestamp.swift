/// A moment as whole milliseconds since 1970-01-01T00:00:00Z.
///
/// In JSON it is RFC 3339 with milliseconds and `Z`: `2026-11-22T10:00:00.123Z`. RFC 3339 has four digits for the year:
/// a moment before year 0 or after year 9999 is written as the nearest one that has a text.
package struct Timestamp: RawRepresentable, Hashable, Comparable, Sendable {
    /// Milliseconds since 1970.
    package let rawValue: Int64

    package init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// A moment as Twitch's `tmi-sent-ts` gives it.
    package init(milliseconds: Int64) {
        self.rawValue = milliseconds
    }

    /// When chat may have been sent: Twitch began in 2007. A time outside comes from damage or malice, and is unknown.
    package static let chatEra = Timestamp(rawValue: 1_167_609_600_000)...Timestamp(rawValue: 4_102_444_799_999)

    package static func < (a: Timestamp, b: Timestamp) -> Bool { a.rawValue < b.rawValue }
}

extension Timestamp: LosslessStringConvertible {
    package var description: String {
        unsafe String(unsafeUninitializedCapacity: Self.textLength) { buffer in
            unsafe write(into: buffer)
            return Self.textLength
        }
    }

    /// Reads RFC 3339: any offset, no fraction or 1 to 9 digits of it (cut to milliseconds). Anything else is nil.
    package init?(_ description: String) {
        self.init(description[...])
    }

    /// Reads RFC 3339 as `init(_:)` does.
    package init?(_ text: some StringProtocol) {
        guard let timestamp = unsafe text.utf8.withContiguousBytes({ unsafe Timestamp(rfc3339: $0) }) else {
            return nil
        }
        self = timestamp
    }
}

extension Timestamp: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let timestamp = Timestamp(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an RFC 3339 time")
        }
        self = timestamp
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
