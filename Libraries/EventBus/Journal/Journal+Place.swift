import Logging
import PrivateFiles
import Synchronization

extension Journal {
    /// - Throws: `inputOutput` where the slot's directory is not the one that was claimed any more: what is written to it
    ///   nobody would find.
    func checkPlace() throws(JournalError) {
        guard slot.isInPlace else {
            throw JournalError(
                .inputOutput,
                "\(slot.directory) was removed or replaced while the service runs; put it back, or restart the service"
            )
        }
    }

    /// Where the active segment was removed or replaced, writes it again from what is open.
    func restoreActive(_ writer: inout Writer) throws(JournalError) {
        guard let active = writer.active, !active.isInPlace else { return }
        let path = SegmentFile.path(active.number, in: slot.directory)
        do throws(JournalError) {
            writer.active = try active.restored(in: slot.directory, sync: configuration.sync)
        } catch {
            // Its events are no longer there for anybody; the next batch begins another.
            writer.active = nil
            throw error
        }
        readers.withLock { $0.close([active.number]) }
        logger.critical(
            "a file of the journal was removed or replaced while it was in use; it was written again",
            metadata: ["journal.segment": "\(path)"]
        )
    }

    /// Looks whether everything that is held open is still what its path means, and mends what can be mended: to be called
    /// every few seconds, on a thread that may block on the disk.
    /// - Returns: Why events cannot be accepted, or not be found again; nil where all is well.
    func checkFiles() -> String? {
        guard !isReadOnly, !state.withLock({ $0.isClosed }) else { return nil }
        do throws(JournalError) {
            try checkPlace()
            try slot.restoreIdentity()
            // While a batch is being committed, that looks itself: whoever serves followers does not wait for the disk.
            try writer.withLockIfAvailable { writer throws(JournalError) in
                try restoreActive(&writer)
                if let file = writer.headsFile, !file.isInPlace { writer.headsFile = try HeadsFile(in: slot.directory) }
            }
        } catch {
            return error.reason
        }
        reportMissingSegments()
        return nil
    }

    /// A sealed segment that is gone cannot be brought back. What of it was not stored, followers hear of when they ask.
    private func reportMissingSegments() {
        let (extents, acknowledged) = state.withLock { ($0.catalog.extents(heads: $0.heads), $0.acknowledged) }
        for extent in extents.dropLast() {
            let path = SegmentFile.path(extent.number, in: slot.directory)
            guard FileIdentity.look(at: path) == .missing, state.withLock({ $0.catalog.contains(extent.number) }) else {
                continue
            }
            let lost = PrunePolicy(configuration).undelivered(extent, acknowledged)
            pacedLogger.error(
                "a segment of the journal was removed while it was needed",
                about: path,
                metadata: ["journal.segment": "\(path)", "journal.partitions": "\(lost.map(\.partition).sorted())"]
            )
        }
    }
}
