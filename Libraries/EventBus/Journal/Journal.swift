import Dispatch
package import Logging
package import Protocol
import Synchronization

/// A producer's events on disk, from acceptance until every required group has committed them.
///
/// Every method but `heads`, `epoch`, `undelivered` and `counters` blocks on the disk: call them on a thread of your
/// own, appends from one and reads from another. Reads do not wait for appends, nor appends for reads.
package final class Journal: Sendable {
    package let slot: JournalSlot
    let configuration: JournalConfiguration
    let isReadOnly: Bool
    /// When the last event was accepted before the journal was opened, as far as the files tell; nil in a new one.
    package let lastAcceptedBefore: Timestamp?
    let now: @Sendable () -> Timestamp
    let logger: Logger
    /// For what others, or the disk, can cause again and again.
    let pacedLogger: PacedLogger

    /// What everybody looks at; held for moments only. Taken last where several are taken.
    let state: Mutex<State>
    /// Held while a batch is committed.
    let writer: Mutex<Writer>
    /// Held while a page is read.
    let readers: Mutex<Readers>
    /// Held while `acknowledged.json` is written.
    let acknowledgementFile = Mutex<AcknowledgementFile>(.init())
    /// Copies the logs of sealed segments into their files.
    let sealing = DispatchQueue(label: "journal.sealing")

    struct State {
        var catalog: SegmentCatalog
        var heads: [Offset]
        var epoch: UInt32
        var acknowledged: Acknowledgements
        var delivered = DeliveryTimes()
        /// The newest segment is damaged: the next batch begins another.
        var mustRoll = false
        var counters = JournalCounters()
        var isClosed = false
    }

    /// Opens the journal in a claimed slot; unless it is read only, a greater epoch has been saved on return.
    ///
    /// `readOnly` is for an adopted slot: it serves and prunes what is there and never appends. `now` is the wall clock.
    package init(
        slot: JournalSlot,
        configuration: JournalConfiguration,
        readOnly: Bool = false,
        now: @escaping @Sendable () -> Timestamp,
        logger: Logger
    ) throws(JournalError) {
        self.slot = slot
        self.configuration = configuration
        self.isReadOnly = readOnly
        self.now = now
        var logger = logger
        logger[metadataKey: "journal.producer"] = "\(slot.producer)"
        self.logger = logger
        pacedLogger = PacedLogger(logger)

        let directory = slot.directory
        // Without it the clock and the journal's own offsets say which epoch is next.
        let saved = try JSONFile.readUndamaged(SavedEpoch.self, from: SavedEpoch.path(in: directory), logger)
        if let saved, saved.partitions != Partition.count {
            throw JournalError(
                .partitionCount,
                "\(directory) was written with \(saved.partitions) partitions, this version has \(Partition.count):"
                    + " let the old version deliver everything, then move the directory away"
            )
        }
        let recovery = try JournalRecovery(
            directory,
            partitions: Partition.count,
            producer: slot.producer,
            lastEpoch: saved?.epoch,
            readOnly: readOnly,
            logger: logger
        )
        lastAcceptedBefore = recovery.lastAccepted
        let highest = recovery.heads.max() ?? .zero
        let epoch =
            readOnly
            ? saved?.epoch ?? highest.epoch
            : try Self.saveNextEpoch(after: saved?.epoch, highest: highest, in: directory, now: now())
        var counters = JournalCounters()
        counters.damaged = recovery.damaged
        // Without it segments are kept longer, until every group has acknowledged again.
        var acknowledged =
            try JSONFile.readUndamaged(Acknowledgements.self, from: Acknowledgements.path(in: directory), logger)
            ?? Acknowledgements()
        acknowledged.forgetBeyond(recovery.heads)
        state = Mutex(
            State(
                catalog: recovery.catalog,
                heads: recovery.heads,
                epoch: epoch,
                acknowledged: acknowledged,
                counters: counters
            )
        )
        readers = Mutex(Readers(directory: directory))
        let newest = recovery.catalog.segments.last?.number ?? 0
        let active =
            readOnly || !recovery.isNewestUsable
            ? nil : Self.goOn(newest, in: directory, sync: configuration.sync, logger)
        writer = Mutex(
            Writer(
                active: active,
                newest: newest,
                sequence: OffsetSequence(epoch: epoch),
                headsFile: readOnly ? nil : try HeadsFile(in: directory)
            )
        )
        if !readOnly && active == nil {
            // The heads that damage hid must be on disk before anybody is told of them.
            try writer.withLock { writer throws(JournalError) in try roll(&writer) }
        }
    }

    /// The newest segment, open to be written further; nil where it can be read only, so that another is begun.
    private static func goOn(
        _ number: Int,
        in directory: String,
        sync: JournalConfiguration.Sync,
        _ logger: Logger
    ) -> SegmentWriter? {
        do throws(JournalError) {
            return try SegmentWriter(number, in: directory, sync: sync)
        } catch {
            logger.error("A journal segment takes no more events; another is begun", metadata: ["error": "\(error)"])
            return nil
        }
    }

    /// The epoch of this start; of the last start where the journal is read only.
    package var epoch: UInt32 { state.withLock { $0.epoch } }

    /// The last committed offset of each partition that ever had an event.
    package func heads() -> [Int: Offset] {
        let heads = state.withLock { $0.heads }
        return Dictionary(uniqueKeysWithValues: heads.indices.lazy.filter { heads[$0] > .zero }.map { ($0, heads[$0]) })
    }

    /// Whether a required group has not committed everything.
    package var undelivered: Bool { !isDelivered(through: heads()) }

    /// Whether the required groups have committed everything up to `heads`.
    func isDelivered(through heads: [Int: Offset]) -> Bool {
        let acknowledged = state.withLock { $0.acknowledged }
        return heads.allSatisfy { partition, head in
            acknowledged.committed(by: configuration.requiredGroups, partition: partition).map { $0 >= head } ?? true
        }
    }

    /// The size of all files of the journal.
    package var bytes: Int {
        let numbers = state.withLock { $0.catalog.segments.map(\.number) }
        return numbers.reduce(0) { $0 + SegmentFile.size($1, in: slot.directory) }
    }

    /// How long ago the oldest retained segment was begun.
    package func oldestAge(now: Timestamp) -> Duration {
        let begun = state.withLock { $0.catalog.segments.lazy.compactMap(\.header?.createdAt).first }
        return begun.map { .milliseconds(max(0, now.rawValue - $0.rawValue)) } ?? .zero
    }

    /// What was done since the journal was opened.
    package var counters: JournalCounters { state.withLock { $0.counters } }

    /// Closes the files; the slot stays claimed until it is closed itself.
    package func close() {
        saveAcknowledgements(atLeastEvery: .zero)
        writer.withLock { writer in
            writer.active?.seal()
            writer.active = nil
            state.withLock { $0.isClosed = true }
        }
        readers.withLock { $0.closeAll() }
        sealing.sync {}
    }

    /// Saves the epoch of a start, or of the sequence's end, before any offset of it is given out.
    static func saveNextEpoch(
        after saved: UInt32?,
        highest: Offset,
        in directory: String,
        now: Timestamp
    ) throws(JournalError) -> UInt32 {
        let path = SavedEpoch.path(in: directory)
        guard let epoch = Epoch.next(saved: saved, highest: highest, now: now) else {
            throw JournalError(
                .offsetsExhausted,
                "no epoch is left behind \(saved ?? highest.epoch) in \(path); set the clock, then move the slot's"
                    + " directory away to begin a new one"
            )
        }
        try JSONFile.write(SavedEpoch(epoch: epoch, partitions: Partition.count), to: path, durably: true)
        return epoch
    }
}
