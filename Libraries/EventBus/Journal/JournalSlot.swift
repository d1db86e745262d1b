/// One producer's place on disk, `STATE_DIR/journal/<service>/slot-N`, held by a lock on `slot-N/lock`.
package final class JournalSlot: Sendable {
    package let service: String
    package let number: Int
    package let directory: String
    /// The identity that was made once for this directory, such as `gw-7f3a91c2`.
    package let producer: String

    init(service: String, number: Int, directory: String, producer: String) {
        self.service = service
        self.number = number
        self.directory = directory
        self.producer = producer
    }

    /// Claims the first slot that no living process holds; makes it if need be.
    package static func claim(
        stateDirectory: String,
        service: String,
        prefix: String
    ) throws(JournalError) -> JournalSlot {
        throw JournalError(.inputOutput, "not implemented")
    }

    /// Claims a slot that no living process holds and whose events were not all committed by the required groups.
    package static func claimAbandoned(
        stateDirectory: String,
        service: String,
        configuration: JournalConfiguration
    ) throws(JournalError) -> JournalSlot? {
        nil
    }

    /// Gives the slot back; also done when the last reference goes.
    package func close() {}
}
