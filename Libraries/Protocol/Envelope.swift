/// A CloudEvents 1.0 envelope in JSON structured mode: what travels on the bus, one object per event.
///
/// `id` (`producer/offset`) and `source` (`/service/producer`) are made from the fields below and checked on decoding.
package struct Envelope: Hashable, Sendable {
    /// The service that published the event, such as `irc-gateway`.
    package var service: String
    /// The producer within that service, such as `gw-7f3a`: the identity of one journal.
    package var producer: String
    /// The channel's login, without `#`.
    package var subject: String
    /// When it happened, by the clock that is nearest to it.
    package var time: Timestamp
    package var partition: Int
    package var offset: Offset
    /// The offset of the previous event in the same partition of the same producer; `.zero` when there is none.
    package var previous: Offset
    package var event: Event

    package init(
        service: String,
        producer: String,
        subject: String,
        time: Timestamp,
        partition: Int,
        offset: Offset,
        previous: Offset,
        event: Event
    ) {
        self.service = service
        self.producer = producer
        self.subject = subject
        self.time = time
        self.partition = partition
        self.offset = offset
        self.previous = previous
        self.event = event
    }
}
