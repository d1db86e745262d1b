package import Logging
import PrivateFiles
package import Protocol
import Synchronization

/// One producer's place on disk, `STATE_DIR/journal/<service>/slot-N`, held by a lock on `slot-N/lock`.
package final class JournalSlot: Sendable {
    package let service: String
    package let number: Int
    package let directory: String
    /// The identity that was made once for this directory, such as `gw-7f3a91c2`.
    package let producer: String

    /// The locked descriptors; none once the slot was given back.
    private let locks: Mutex<[CInt]>

    /// The directory that was claimed.
    private let identity: FileIdentity?

    private init(
        service: String,
        number: Int,
        directory: String,
        producer: String,
        identity: FileIdentity?,
        locks: [CInt]
    ) {
        self.identity = identity
        self.service = service
        self.number = number
        self.directory = directory
        self.producer = producer
        self.locks = Mutex(locks)
    }

    deinit { close() }

    /// Whether the directory's path still means the one that was claimed.
    var isInPlace: Bool { identity?.isStill(at: directory) ?? true }

    /// Writes `identity.json` again where it was removed: without it the next start would refuse the journal.
    func restoreIdentity() throws(JournalError) {
        let path = SlotIdentity.path(in: directory)
        guard FileIdentity.look(at: path) == .missing else { return }
        try JSONFile.write(SlotIdentity(producer: producer), to: path, durably: true)
    }

    /// More producers of one service than this on one host are a mistake.
    private static let limit = 1024

    /// Claims the first slot that no living process holds; makes it if need be.
    package static func claim(
        stateDirectory: String,
        service: String,
        prefix: String
    ) throws(JournalError) -> JournalSlot {
        for number in 0..<limit {
            let directory = directory(stateDirectory, service, number)
            try DurableFile.makeDirectory(directory)
            if let slot = try claim(directory, service: service, number: number, prefix: prefix) { return slot }
        }
        throw JournalError(
            .inputOutput,
            "all \(limit) slots in \(stateDirectory)/journal/\(service) are taken; stop some of its processes"
        )
    }

    /// Claims a slot that no living process holds and whose events were not all committed by the required groups.
    ///
    /// A slot that cannot be read is passed over: it needs a person, and others may be waiting.
    /// `passesOver` says whether a slot's directory is not even to be tried, and `onFailure` is told the directory of each that
    /// cannot be read.
    package static func claimAbandoned(
        stateDirectory: String,
        service: String,
        configuration: JournalConfiguration,
        passesOver: (_ directory: String) -> Bool = { _ in false },
        onFailure: (_ directory: String) -> Void = { _ in },
        logger: Logger = Logger(label: "journal")
    ) throws(JournalError) -> JournalSlot? {
        let names = try DurableFile.names(in: "\(stateDirectory)/journal/\(service)")
        for number in names.compactMap(slotNumber).sorted() {
            let directory = directory(stateDirectory, service, number)
            // Without an identity nothing was ever published from there.
            guard DurableFile.exists(directory + "/identity.json"), !passesOver(directory) else { continue }
            do throws(JournalError) {
                guard let slot = try claim(directory, service: service, number: number, prefix: "") else { continue }
                if try slot.hasUndelivered(configuration, logger) { return slot }
                slot.close()
            } catch {
                logger.error(
                    "An abandoned journal cannot be read and was passed over",
                    metadata: ["journal.directory": "\(directory)", "error": "\(error)"]
                )
                onFailure(directory)
            }
        }
        return nil
    }

    /// Claims the slots that no living process holds and whose directory `holds` what is looked for. Give them back soon:
    /// whoever starts meanwhile takes another.
    package static func claimIdle(
        stateDirectory: String,
        service: String,
        where holds: (_ directory: String) -> Bool
    ) throws(JournalError) -> [JournalSlot] {
        var idle: [JournalSlot] = []
        for number in try DurableFile.names(in: "\(stateDirectory)/journal/\(service)").compactMap(slotNumber).sorted()
        {
            let directory = directory(stateDirectory, service, number)
            guard holds(directory), DurableFile.exists(directory + "/identity.json"),
                let slot = try claim(directory, service: service, number: number, prefix: "")
            else { continue }
            idle.append(slot)
        }
        return idle
    }

    /// When the last event of the slot was accepted; nil when none was.
    package var lastAccepted: Timestamp? { HeadsFile.read(in: directory)?.createdAt }

    /// Gives the slot back; also done when the last reference goes.
    package func close() {
        let held = locks.withLock { held in
            defer { held = [] }
            return held
        }
        for descriptor in held { DurableFile.unlock(descriptor) }
    }

    /// `slot-7` is 7; anything else is nil.
    static func slotNumber(_ name: String) -> Int? {
        guard name.hasPrefix("slot-"), let number = Int(name.dropFirst(5)), number >= 0 else { return nil }
        return number
    }

    private static func directory(_ stateDirectory: String, _ service: String, _ number: Int) -> String {
        "\(stateDirectory)/journal/\(service)/slot-\(number)"
    }

    private static func claim(
        _ directory: String,
        service: String,
        number: Int,
        prefix: String
    ) throws(JournalError) -> JournalSlot? {
        guard let lock = try DurableFile.lock(directory + "/lock") else { return nil }
        var locks = [lock]
        do throws(JournalError) {
            // A `lock` that somebody removed is another file when it is made again; the directory stays the same.
            guard let second = try DurableFile.lockDirectory(directory) else {
                DurableFile.unlock(lock)
                return nil
            }
            locks.append(second)
            let identity = try SlotIdentity.load(orMakeIn: directory, prefix: prefix)
            return JournalSlot(
                service: service,
                number: number,
                directory: directory,
                producer: identity.producer,
                identity: FileIdentity(descriptor: second),
                locks: locks
            )
        } catch {
            for descriptor in locks { DurableFile.unlock(descriptor) }
            throw error
        }
    }

    private func hasUndelivered(_ configuration: JournalConfiguration, _ logger: Logger) throws(JournalError) -> Bool {
        let journal = try Journal(
            slot: self,
            configuration: configuration,
            readOnly: true,
            now: { Timestamp(rawValue: 0) },
            logger: logger
        )
        defer { journal.close() }
        return journal.undelivered
    }
}
