extension Envelope {
    private static let keys = JSONKeys(CodingKeys.self)

    /// Reads an envelope with its attributes in any order.
    ///
    /// `data` can be understood only when version and type are known. In our own frames they come before it; where they
    /// do not, `data` is passed over and read at the end.
    static func read(from json: inout JSONReader) throws(EnvelopeError) -> Envelope {
        var members = try json.members(keys)
        var (version, id, source, type, subject) = (
            String?.none, String?.none, String?.none, String?.none, String?.none
        )
        var (time, partition, offset, previous) = (Timestamp?.none, Int?.none, Offset?.none, Offset?.none)
        var event: Event?
        var unread: Int?
        while let key = try json.next(&members) {
            switch key {
            case .specversion:
                version = try json.value()
                try check(version: json.require(version, key))
            case .id: id = try json.value()
            case .source: source = try json.value()
            case .type:
                guard type == nil else { throw json.malformed("a second type") }
                type = try json.value()
            case .subject: subject = try json.value()
            case .time: time = try json.value()
            case .partition: partition = try json.value()
            case .offset: offset = try json.value()
            case .previous: previous = try json.value()
            case .data:
                if version != nil, let type {
                    event = try Event.read(type, from: &json)
                    if event == nil { try json.skip() }
                } else {
                    unread = try json.skip().lowerBound
                }
            }
        }
        _ = try json.require(version, CodingKeys.specversion)
        let name = try json.require(type, CodingKeys.type)
        if event == nil, let unread {
            let end = json.position
            json.rewind(to: unread)
            event = try Event.read(name, from: &json)
            json.rewind(to: end)
        }
        let place = try json.require(offset, CodingKeys.offset)
        let names = try names(
            id: json.require(id, CodingKeys.id),
            source: json.require(source, CodingKeys.source),
            offset: place
        )
        guard let event else { throw .unknownType(name) }
        return Envelope(
            service: names.service,
            producer: names.producer,
            subject: try json.require(subject, CodingKeys.subject),
            time: try json.require(time, CodingKeys.time),
            partition: try json.require(partition, CodingKeys.partition),
            offset: place,
            previous: try json.require(previous, CodingKeys.previous),
            event: event
        )
    }
}
