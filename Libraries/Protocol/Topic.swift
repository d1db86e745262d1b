/// The first line of an event's frame: `<domain>.p<2 digits>.<login>.<type>`, at most 200 bytes.
///
/// A topic is for filtering; the envelope tells the truth. So nothing is refused here: letters of a login become
/// lowercase, every other byte than `a-z 0-9 _ -` becomes `_`, an empty login is `_`, and what is too long is cut.
package struct Topic: Hashable, Sendable {
    /// The longest topic.
    package static let maximumBytes = 200
    private static let subjectLimit = 96
    private static let typeLimit = 88

    package var domain: EventDraft.Domain
    package var partition: Int
    /// The login as the topic's text has it.
    package let subject: String
    /// The type as the topic's text has it.
    package let type: EventType

    package init(domain: EventDraft.Domain, subject: String, type: EventType) {
        self.init(domain: domain, partition: Partition.of(subject), subject: subject, type: type)
    }

    /// A topic in a partition that is known already.
    package init(domain: EventDraft.Domain, partition: Int, subject: String, type: EventType) {
        self.domain = domain
        self.partition = partition
        self.subject = Self.clean(subject, limit: Self.subjectLimit, dots: false)
        self.type = EventType(rawValue: Self.clean(type.rawValue, limit: Self.typeLimit, dots: true))
    }

    private static func clean(_ text: String, limit: Int, dots: Bool) -> String {
        func isAllowed(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "_"), UInt8(ascii: "-"): true
            case UInt8(ascii: "."): dots
            default: false
            }
        }
        let bytes = text.utf8
        guard bytes.isEmpty || bytes.count > limit || !bytes.allSatisfy(isAllowed) else { return text }
        let cleaned = bytes.prefix(limit).map { byte in
            let lowercase = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
            return isAllowed(lowercase) ? lowercase : UInt8(ascii: "_")
        }
        return cleaned.isEmpty ? "_" : String(decoding: cleaned, as: UTF8.self)
    }
}

extension Topic: LosslessStringConvertible {
    package var description: String {
        "\(domain.rawValue).p\(partition < 10 ? "0" : "")\(partition).\(subject).\(type.rawValue)"
    }

    /// Reads a topic exactly as it is written; a heartbeat's or anything else is nil.
    package init?(_ description: String) {
        let parts = description.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false)
        guard description.utf8.count <= Self.maximumBytes, parts.count == 4,
            let domain = EventDraft.Domain(rawValue: String(parts[0])),
            parts[1].utf8.count == 3, parts[1].first == "p", let partition = Int(parts[1].dropFirst()),
            (0..<Partition.count).contains(partition)
        else { return nil }
        self.init(
            domain: domain,
            partition: partition,
            subject: String(parts[2]),
            type: EventType(rawValue: String(parts[3]))
        )
        guard self.description == description else { return nil }
    }

    /// Writes the text form.
    func write(to json: inout JSONWriter) {
        json.raw(domain.rawValue)
        json.raw(partition < 10 ? ".p0" : ".p")
        json.integer(partition)
        json.raw(".")
        json.raw(subject)
        json.raw(".")
        json.raw(type.rawValue)
    }
}
