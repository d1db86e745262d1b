/// The place of an event in its producer's journal: `epoch << 32 | sequence`.
///
/// The epoch grows at each start of the producer, the sequence with each event, so a later event always has the
/// greater offset. In JSON it is the text `epoch-sequence`; `0-0` stands before the first event.
package struct Offset: RawRepresentable, Hashable, Comparable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    package init(epoch: UInt32, sequence: UInt32) {
        self.rawValue = UInt64(epoch) << 32 | UInt64(sequence)
    }

    /// Before the first event of any journal.
    package static let zero = Offset(rawValue: 0)

    package var epoch: UInt32 { UInt32(truncatingIfNeeded: rawValue >> 32) }
    package var sequence: UInt32 { UInt32(truncatingIfNeeded: rawValue) }

    /// 2023-11-14T22:13:20Z in seconds: epochs count from here, so that they fit 32 bits until 2159.
    package static let epochOrigin: Int64 = 1_700_000_000

    /// When the producer was started, unless it was more than once in a second or its clock was set back; nil before the
    /// first event.
    package var epochStart: Timestamp? {
        epoch == 0 ? nil : Timestamp(rawValue: (Self.epochOrigin + Int64(epoch)) * 1000)
    }

    package static func < (a: Offset, b: Offset) -> Bool { a.rawValue < b.rawValue }
}

extension Offset: LosslessStringConvertible {
    /// Reads `epoch-sequence`, two decimal 32-bit numbers; anything else is nil.
    package init?(_ text: some StringProtocol) {
        self.init(utf8: text.utf8)
    }

    /// Reads the text form's bytes.
    init?(utf8: some Collection<UInt8>) {
        guard let dash = utf8.firstIndex(of: UInt8(ascii: "-")),
            let epoch = Self.number(utf8[..<dash]), let sequence = Self.number(utf8[utf8.index(after: dash)...])
        else { return nil }
        self.init(epoch: epoch, sequence: sequence)
    }

    package init?(_ description: String) {
        self.init(description[...])
    }

    package var description: String { "\(epoch)-\(sequence)" }

    private static func number(_ digits: some Collection<UInt8>) -> UInt32? {
        guard (1...10).contains(digits.count) else { return nil }
        var value: UInt64 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + UInt64(digit - UInt8(ascii: "0"))
        }
        return UInt32(exactly: value)
    }
}

extension Offset: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let offset = Offset(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an epoch-sequence offset")
        }
        self = offset
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
