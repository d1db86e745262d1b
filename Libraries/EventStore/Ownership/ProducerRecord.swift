package import Protocol

/// A row of `bus_producers`: a producer that a writer of this archive has heard.
package struct ProducerRecord: Hashable, Sendable {
    /// How often a producer that is heard is noted.
    package static let interval: Duration = .seconds(10)
    /// No more are noted: whoever speaks under ever new ids must not fill the database.
    package static let limit = 4096

    package var producer: String
    package var service: String
    /// What vouched for it.
    package var identity: ProducerIdentity
    /// When it was noted last that a writer hears it.
    package var heardAt: Timestamp
    /// How far its partitions went then.
    package var heads: [Int: Offset]

    package init(
        producer: String,
        service: String,
        identity: ProducerIdentity,
        heardAt: Timestamp,
        heads: [Int: Offset]
    ) {
        self.producer = producer
        self.service = service
        self.identity = identity
        self.heardAt = heardAt
        self.heads = heads
    }

    /// `7=57123456-8123 11=57123456-8101`.
    package static func text(of heads: [Int: Offset]) -> String {
        heads.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }

    /// Reads what `text(of:)` writes; what is something else is left out.
    package static func heads(in text: String) -> [Int: Offset] {
        var heads: [Int: Offset] = [:]
        for word in text.split(separator: " ") {
            let parts = word.split(separator: "=")
            guard parts.count == 2, let partition = Int(parts[0]), let offset = Offset(parts[1]) else { continue }
            heads[partition] = offset
        }
        return heads
    }

    /// Why the producer must not be followed as it is heard; nil when it may.
    package func refusal(of heard: HeardProducer) -> String? {
        heard.identity.mayFollow(identity)
            ? nil
            : "\(producer) is known with \(identity), and whoever speaks for it now has \(heard.identity); "
                + "if that is intended, delete its row of bus_producers"
    }
}

/// A producer that no writer hears.
package struct UnheardProducer: Hashable, Sendable {
    /// A restart is no reason to speak of it.
    package static let patience: Duration = .seconds(15)
    /// No more are told of at once: those that were heard last.
    package static let limit = 64

    package var producer: String
    package var service: String
    /// When it was heard last.
    package var since: Timestamp
    /// In how many partitions it had accepted more than is stored, when it was heard last.
    package var waitingPartitions: Int
    /// At most so many events wait in them; nil where nothing tells.
    package var waitingEvents: Int?

    /// - Parameters:
    ///   - record: What is known of it.
    ///   - stored: Its stored offsets.
    package init(_ record: ProducerRecord, stored: [Int: Offset]) {
        producer = record.producer
        service = record.service
        since = record.heardAt
        let behind = record.heads.filter { $0.value > stored[$0.key] ?? .zero }
        waitingPartitions = behind.count
        let newest = record.heads.values.max() ?? .zero
        let oldest = behind.keys.map { stored[$0] ?? .zero }.min() ?? newest
        // A producer numbers its events over all partitions: fewer of them may be in these.
        waitingEvents = oldest.epoch == newest.epoch ? Int(newest.sequence) - Int(oldest.sequence) : nil
    }

    /// Whether it is gone for so long that somebody should be told.
    package func isDue(at now: Timestamp) -> Bool {
        now.rawValue - since.rawValue >= Int64(Self.patience / .milliseconds(1))
    }
}
