/// An event before the journal has given it an offset: what a service hands to its publisher.
package struct EventDraft: Sendable {
    /// The first word of the topic.
    package enum Domain: String, Sendable {
        case chat
        case stream
        case token
    }

    package var domain: Domain
    /// The channel's lowercase login: decides the partition.
    package var subject: String
    package var time: Timestamp
    package var type: EventType
    /// The `data` object as UTF-8 JSON, encoded where the event was made so that the journal's thread only copies.
    package var data: [UInt8]

    package init(domain: Domain, subject: String, time: Timestamp, event: Event) {
        self.domain = domain
        self.subject = subject
        self.time = time
        self.type = event.type
        self.data = EventCodec.encodeData(event)
    }

    /// Whether its envelope could be larger than any that is read: such a draft must not be published.
    package var isTooLarge: Bool { data.count > EventCodec.maximumDataBytes }
}

extension EventDraft: CustomStringConvertible, CustomReflectable {
    /// Without `data`, which may hold a token.
    package var description: String { "\(type.rawValue) of \(subject), \(data.count) bytes" }

    package var customMirror: Mirror {
        Mirror(self, children: ["type": type.rawValue, "subject": subject, "bytes": data.count])
    }
}
