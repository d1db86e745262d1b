package import Logging
package import Protocol

/// A producer's events on disk, from acceptance until every required group has committed them.
///
/// Every method blocks on the disk: call them on a thread of your own, appends from one and reads from another.
package final class Journal: Sendable {
    package let slot: JournalSlot
    let configuration: JournalConfiguration

    /// Opens the journal in a claimed slot; unless it is read only, a greater epoch has been saved on return.
    ///
    /// - Parameters:
    ///   - readOnly: for an adopted slot: serves and prunes what is there and never appends.
    ///   - now: the wall clock.
    package init(
        slot: JournalSlot,
        configuration: JournalConfiguration,
        readOnly: Bool = false,
        now: @escaping @Sendable () -> Timestamp,
        logger: Logger
    ) throws(JournalError) {
        self.slot = slot
        self.configuration = configuration
    }

    /// The epoch of this start; of the last start where the journal is read only.
    package var epoch: UInt32 { 0 }

    /// Gives each draft its place and commits all of them at once. On failure nothing was assigned: the same drafts
    /// may be handed in again.
    package func append(_ drafts: [EventDraft]) throws(JournalError) -> [JournalEvent] { [] }

    /// The last committed offset of each partition that ever had an event.
    package func heads() -> [Int: Offset] { [:] }

    /// The events behind `after`, only of the partitions named there, until their frames fill `maximumBytes`; at least
    /// one event where there is any.
    package func read(after: [Int: Offset], maximumBytes: Int) throws(JournalError) -> JournalPage {
        JournalPage(complete: true)
    }

    /// Remembers what a group's database has committed.
    package func acknowledge(
        group: String,
        database: String,
        committed: [Int: Offset]
    ) throws(AcknowledgeRefused) {}

    /// Removes the segments that are no longer needed, or that the cap forces out.
    package func prune(now: Timestamp) -> PruneReport { PruneReport() }

    /// Whether a required group has not committed everything.
    package var undelivered: Bool { false }

    /// The size of all files of the journal.
    package var bytes: Int { 0 }

    /// How long ago the oldest retained segment was begun.
    package func oldestAge(now: Timestamp) -> Duration { .zero }

    package var counters: JournalCounters { JournalCounters() }

    /// Closes the files; the slot stays claimed until it is closed itself.
    package func close() {}
}
