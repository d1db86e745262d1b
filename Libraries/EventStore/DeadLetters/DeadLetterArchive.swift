package import Protocol

/// The dead letters of an archive: what could not be stored, kept whole, and the way back.
package protocol DeadLetterArchive: Sendable {
    /// Opens the database as a writer does.
    func open() async throws(EventStoreError) -> String

    /// Up to `limit` of them behind `key`, in the order of their keys; from the first one on where it is nil.
    func deadLetters(after key: DeadLetter.Key?, limit: Int) async throws(EventStoreError) -> [StoredDeadLetter]

    /// Stores an event as a commit does and removes its dead letter, both in one transaction; nil only removes it.
    ///
    /// - Returns: False, with nothing changed, where there is no such dead letter any more: somebody was quicker.
    func redeem(_ key: DeadLetter.Key, as event: Envelope?) async throws(EventStoreError) -> Bool

    /// Waits for what is running and closes.
    func close() async
}

extension DeadLetter {
    /// Which one it is: an event's place in its producer's journal.
    package struct Key: Hashable, Sendable {
        package var producer: String
        package var partition: Int
        package var offset: Offset

        package init(producer: String, partition: Int, offset: Offset) {
            self.producer = producer
            self.partition = partition
            self.offset = offset
        }
    }

    package var key: Key { Key(producer: producer, partition: partition, offset: offset) }

    /// What the frame holds, read by this version's rules; nil for what no table takes.
    ///
    /// - Throws: Why it cannot be read, also where it names another place than its key.
    package func envelope() throws(EnvelopeError) -> Envelope? {
        guard let lineEnd = frame.firstIndex(of: UInt8(ascii: "\n")) else {
            throw .malformed("the frame has no topic line")
        }
        let envelope = try EventCodec.decode(frame[(lineEnd + 1)...])
        guard envelope.producer == producer, envelope.partition == partition, envelope.offset == offset else {
            throw .malformed("the envelope names another place than its frame")
        }
        return switch envelope.event {
        case .tokenIssued, .tokenRejected: nil
        default: envelope
        }
    }
}

/// A row of `dead_letters`.
package struct StoredDeadLetter: Hashable, Sendable {
    package var letter: DeadLetter
    package var createdAt: Timestamp

    package init(letter: DeadLetter, createdAt: Timestamp) {
        self.letter = letter
        self.createdAt = createdAt
    }
}

extension EnvelopeError {
    /// One line without the event's content.
    package var reason: String {
        switch self {
        case .malformed(let what): "malformed: \(what)"
        case .unknownType(let type): "unknown type: \(type)"
        case .unsupportedVersion(let version): "unsupported version: \(version)"
        }
    }
}
