import EventBus
import EventStore
import Protocol

/// One partition of one producer: what has an offset.
struct PartitionKey: Hashable, Sendable {
    var producer: String
    var partition: Int
}

/// One step of a partition: what is stored when its offset moves from `base` to `next`.
struct BatchItem: Sendable {
    enum Content: Sendable {
        case event(Envelope)
        case deadLetter(reason: String)
        /// The events after this offset, through `next`, are lost.
        case gap(after: Offset, detectedAt: Timestamp)
        /// The offset was beyond the journal's head, where its producer has never been: the partition is read again from
        /// the oldest event that the journal has, and what is stored already is recognised by its keys.
        case rewind(head: Offset, detectedAt: Timestamp)
        /// Nothing is stored: secrets belong in no archive.
        case nothing
    }

    var key: PartitionKey
    var base: Offset
    var next: Offset
    var content: Content
    /// The frame as it came, for a dead letter; empty for a gap.
    var frame: [UInt8]

    /// What a received frame holds. Never fails: what cannot be read becomes a dead letter.
    init(_ received: ReceivedEvent, base: Offset) {
        key = PartitionKey(producer: received.producer, partition: received.partition)
        self.base = base
        next = received.offset
        frame = received.frame
        content = Self.content(of: received)
    }

    init(gapAfter after: Offset, through: Offset, in key: PartitionKey, base: Offset, detectedAt: Timestamp) {
        self.key = key
        self.base = base
        next = through
        frame = []
        content = .gap(after: after, detectedAt: detectedAt)
    }

    /// Puts the partition's offset back from `base` to before everything.
    init(rewinding key: PartitionKey, from base: Offset, head: Offset, detectedAt: Timestamp) {
        self.key = key
        self.base = base
        next = .zero
        frame = []
        content = .rewind(head: head, detectedAt: detectedAt)
    }

    /// The same step with the event kept as a dead letter; nil for what is no event.
    func deadLetter(because reason: String) -> BatchItem? {
        guard case .event = content else { return nil }
        var item = self
        item.content = .deadLetter(reason: reason)
        return item
    }

    private static func content(of received: ReceivedEvent) -> Content {
        do throws(EnvelopeError) {
            let envelope = try EventCodec.decode(received.json)
            guard envelope.producer == received.producer, envelope.partition == received.partition,
                envelope.offset == received.offset
            else {
                return .deadLetter(reason: "the envelope names another place than its frame")
            }
            return switch envelope.event {
            case .tokenIssued, .tokenRejected: .nothing
            default: .event(envelope)
            }
        } catch {
            return .deadLetter(reason: error.reason)
        }
    }
}
