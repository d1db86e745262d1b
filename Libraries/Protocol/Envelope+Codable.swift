extension Envelope: Codable {
    /// The attributes in the order in which they are written.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case specversion
        case id
        case source
        case type
        case subject
        case time
        case partition
        case offset
        case previous = "prev"
        case data
    }

    /// Throws `EnvelopeError` for another version, an unknown type or attributes that contradict each other.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try Self.check(version: container.decode(String.self, forKey: .specversion))
        let offset = try container.decode(Offset.self, forKey: .offset)
        let (service, producer) = try Self.names(
            id: container.decode(String.self, forKey: .id),
            source: container.decode(String.self, forKey: .source),
            offset: offset
        )
        self.init(
            service: service,
            producer: producer,
            subject: try container.decode(String.self, forKey: .subject),
            time: try container.decode(Timestamp.self, forKey: .time),
            partition: try container.decode(Int.self, forKey: .partition),
            offset: offset,
            previous: try container.decode(Offset.self, forKey: .previous),
            event: try Event(container.decode(EventType.self, forKey: .type), in: container)
        )
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode("1.0", forKey: .specversion)
        try container.encode("\(producer)/\(offset)", forKey: .id)
        try container.encode("/\(service)/\(producer)", forKey: .source)
        try container.encode(event.type, forKey: .type)
        try container.encode(subject, forKey: .subject)
        try container.encode(time, forKey: .time)
        try container.encode(partition, forKey: .partition)
        try container.encode(offset, forKey: .offset)
        try container.encode(previous, forKey: .previous)
        try container.encode(event.data, forKey: .data)
    }
}

// MARK: - What both codecs check

extension Envelope {
    /// Minor versions of CloudEvents only add.
    static func check(version: String) throws(EnvelopeError) {
        guard version.utf8.starts(with: "1.".utf8) else { throw .unsupportedVersion(version) }
    }

    /// The producer in an `id`, which is `producer/offset`; nil if the offset is another or the producer is empty.
    static func producer(ofID id: String, at offset: Offset) -> String? {
        guard let slash = id.utf8.lastIndex(of: UInt8(ascii: "/")), slash > id.startIndex,
            Offset(id[id.utf8.index(after: slash)...]) == offset
        else { return nil }
        return String(id[..<slash])
    }

    /// Service and producer, if `id`, `source` (`/service/producer`) and `offset` agree on them.
    static func names(
        id: String,
        source: String,
        offset: Offset
    ) throws(EnvelopeError) -> (service: String, producer: String) {
        guard let producer = producer(ofID: id, at: offset) else {
            throw .malformed("id is not producer/offset with the envelope's offset")
        }
        let service = source.utf8.dropFirst().dropLast(producer.utf8.count + 1)
        guard source.utf8.first == UInt8(ascii: "/"), !service.isEmpty, source == "/\(Substring(service))/\(producer)"
        else {
            throw .malformed("source is not /service/producer with the producer of id")
        }
        return (String(Substring(service)), producer)
    }
}
