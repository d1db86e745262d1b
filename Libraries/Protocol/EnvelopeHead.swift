/// Everything of an envelope but its `data`.
struct EnvelopeHead {
    var service: String
    var producer: String
    var subject: String
    var time: Timestamp
    var partition: Int
    var offset: Offset
    var previous: Offset
    var type: EventType
}

extension JSONWriter {
    /// An envelope from its opening brace to the colon behind `"data"`.
    mutating func envelopeHead(_ head: EnvelopeHead) {
        raw(#"{"specversion":"1.0","id":""#)
        escaped(head.producer)
        raw("/")
        offset(head.offset)
        raw(#"","source":"/"#)
        escaped(head.service)
        raw("/")
        escaped(head.producer)
        raw("\"")
        field("type", head.type.rawValue)
        field("subject", head.subject)
        field("time", head.time)
        field("partition", head.partition)
        field("offset", head.offset)
        field("prev", head.previous)
        key("data")
    }
}
