/// What the bus carries: `<topic>\n<envelope JSON>` in one ZeroMQ frame.
package enum EventFrame {
    /// Puts a draft into its frame once the journal has given it a place.
    package static func encode(
        _ draft: EventDraft,
        service: String,
        producer: String,
        partition: Int,
        offset: Offset,
        previous: Offset
    ) -> [UInt8] {
        let topic = Topic(domain: draft.domain, partition: partition, subject: draft.subject, type: draft.type)
        let names = draft.subject.utf8.count + 2 * producer.utf8.count + service.utf8.count
        return JSONWriter.bytes(capacity: Topic.maximumBytes + 320 + names + draft.data.count) { json in
            topic.write(to: &json)
            json.raw("\n")
            json.envelopeHead(
                EnvelopeHead(
                    service: service,
                    producer: producer,
                    subject: draft.subject,
                    time: draft.time,
                    partition: partition,
                    offset: offset,
                    previous: previous,
                    type: draft.type
                )
            )
            json.raw(draft.data)
            json.raw("}")
        }
    }
}
