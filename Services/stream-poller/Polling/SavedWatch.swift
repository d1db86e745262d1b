import EventBus
import FoundationEssentials
import Logging
import Protocol

/// The poller's state on disk, in its slot's directory, and how it is brought up to date with the journal.
///
/// The journal is the truth: an event that it accepted was told, whether the state was saved afterwards or not. The
/// state names the journal's heads as they were when it was saved; what lies behind them is replayed at the start.
struct SavedWatch: Codable {
    static let name = "streams.json"

    private enum Format: Int, Codable {
        case first = 1
    }

    private var format = Format.first
    var watch: Watch
    /// What the journal had accepted, by partition.
    var heads: [Int: Offset]

    init(watch: Watch, heads: [Int: Offset]) {
        self.watch = watch
        self.heads = heads
    }

    /// What is known at a start.
    struct Recovered {
        var watch: Watch
        /// The journal lacks what it had accepted: everything is to be told again.
        var hasLostEvents = false
        var replayed = 0
    }

    /// Reads the file and replays the journal. Blocks on the disk: before the publisher runs.
    static func recover(
        _ publisher: EventPublisher,
        at now: Timestamp,
        policy: StreamTracker.Policy,
        logger: Logger
    ) throws -> Recovered {
        var saved: SavedWatch?
        do {
            saved = try publisher.readState(name).map { try JSONDecoder().decode(SavedWatch.self, from: $0) }
        } catch {
            logger.warning(
                "The saved state of streams cannot be read; it is made anew from the journal",
                metadata: [PollerLogKey.file: "\(publisher.slotDirectory)/\(name)", PollerLogKey.error: "\(error)"]
            )
        }
        var recovered = Recovered(watch: saved?.watch ?? Watch())
        let heads = publisher.acceptedHeads
        for (partition, head) in saved?.heads ?? [:] where head > heads[partition] ?? .zero {
            recovered.hasLostEvents = true
        }
        for envelope in try publisher.accepted(after: saved?.heads ?? [:]) {
            recovered.watch.replay(envelope)
            recovered.replayed += 1
        }
        recovered.watch.tracker.resume(at: now, policy: policy)
        return recovered
    }

    /// Writes the file durably. Blocks on the disk.
    func save(_ publisher: EventPublisher) throws {
        try publisher.writeState(Self.name, JSONEncoder().encode(self))
    }
}
