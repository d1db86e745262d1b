/// The first line of a bus frame: `<domain>.p<2 digits>.<login>.<type>`, or `hb.<producer>` for heartbeats.
package struct Topic: Hashable, Sendable {
    package var domain: EventDraft.Domain
    package var partition: Int
    package var subject: String
    package var type: EventType

    package init(domain: EventDraft.Domain, subject: String, type: EventType) {
        self.domain = domain
        self.partition = Partition.of(subject)
        self.subject = subject
        self.type = type
    }
}
