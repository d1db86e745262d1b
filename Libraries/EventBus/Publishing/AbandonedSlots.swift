import Logging
import Protocol
import ZeroMQ

/// Slots of the same service whose process is gone while a writer still needs their events: adopted, served from
/// the journal without a live stream, and given back when everything is committed. Belongs to the serving thread.
final class AbandonedSlots {
    private let configuration: EventPublisher.Configuration
    private let address: BusAddress
    private let clock: WallClock
    private let context: Context
    private let logger: Logger
    private(set) var served: [ServedJournal] = []
    private var isSkipped = false
    /// Slots that could not be read, and when to try them again: each try says in the log what is wrong.
    private var failed: [String: ContinuousClock.Instant] = [:]
    private let pacedLogger: PacedLogger

    init(
        _ configuration: EventPublisher.Configuration,
        beside address: BusAddress,
        clock: WallClock,
        context: Context,
        logger: Logger
    ) {
        self.configuration = configuration
        self.address = address
        self.clock = clock
        self.context = context
        self.logger = logger
        pacedLogger = PacedLogger(logger)
    }

    /// Gives back what is delivered, and adopts what was left behind. Blocks on the disk.
    func look() {
        let done = served.filter { !$0.journal.undelivered }
        served.removeAll { one in done.contains { $0 === one } }
        for one in done { release(one) }
        guard !isSkipped else { return }
        let now = ContinuousClock.now
        failed = failed.filter { $0.value > now }
        do {
            while let slot = try JournalSlot.claimAbandoned(
                stateDirectory: configuration.stateDirectory,
                service: configuration.service,
                configuration: configuration.journal,
                passesOver: { failed[$0] != nil },
                onFailure: { failed[$0] = now + .seconds(600) }
            ) {
                guard try adopt(slot) else { return }
            }
        } catch {
            pacedLogger.warning("cannot serve the events of a stopped process", metadata: ["error": "\(error)"])
        }
    }

    func releaseAll() {
        for one in served { release(one) }
        served = []
    }

    private func adopt(_ slot: JournalSlot) throws -> Bool {
        guard case .ipc = address.transport else {
            // A second pair of ports would have to be agreed with every follower.
            logger.warning(
                "a stopped process left undelivered events; they are served when it starts again",
                metadata: ["bus.producer": "\(slot.producer)"]
            )
            isSkipped = true
            slot.close()
            return false
        }
        do {
            let journal = try Journal(
                slot: slot,
                configuration: configuration.journal,
                readOnly: true,
                now: { [clock] in clock.now() },
                logger: logger
            )
            let place = try BusAddress(configuration.defaultBind(slot: slot.number))
            let sockets = try ProducerSockets(place, heads: journal.heads(), context: context)
            served.append(ServedJournal(journal, sockets: sockets, snapshots: SnapshotRegistry()))
        } catch {
            slot.close()
            throw error
        }
        logger.notice(
            "serving the events that a stopped process left",
            metadata: ["bus.producer": "\(slot.producer)"]
        )
        return true
    }

    private func release(_ done: ServedJournal) {
        done.sockets.close()
        done.journal.close()
        done.journal.slot.close()
        logger.notice(
            "gave back a stopped process's slot",
            metadata: ["bus.producer": "\(done.journal.slot.producer)"]
        )
    }
}
