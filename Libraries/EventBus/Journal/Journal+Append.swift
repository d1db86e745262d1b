import Dispatch
import Logging
package import Protocol
import Synchronization

extension Journal {
    /// What only the appending thread uses.
    struct Writer {
        /// Nil when the last one was given up and no other could be begun yet.
        var active: SegmentWriter?
        /// The greatest segment number ever used, so that none is used twice while a reader may have it open.
        var newest: Int
        var sequence: OffsetSequence
        /// Nil where the journal is read only.
        var headsFile: HeadsFile?
    }

    /// Gives each draft its place and commits all of them at once. On failure nothing was assigned: the same drafts
    /// may be handed in again.
    package func append(_ drafts: [EventDraft]) throws(JournalError) -> [JournalEvent] {
        guard !isReadOnly else {
            throw JournalError(.readOnly, "the journal in \(slot.directory) was adopted and takes no events")
        }
        guard !drafts.isEmpty else { return [] }
        return try writer.withLock { writer throws(JournalError) in
            do throws(JournalError) {
                return try append(drafts, &writer)
            } catch {
                state.withLock { $0.counters.failedAppends += 1 }
                throw error
            }
        }
    }

    private func append(_ drafts: [EventDraft], _ writer: inout Writer) throws(JournalError) -> [JournalEvent] {
        var (heads, mustRoll, isClosed) = state.withLock { ($0.heads, $0.mustRoll, $0.isClosed) }
        guard !isClosed else { throw JournalError(.closed, "the journal in \(slot.directory) is closed") }
        if !writer.sequence.hasRoom(for: drafts.count) {
            let highest = Offset(epoch: writer.sequence.epoch, sequence: .max)
            let epoch = try Self.saveNextEpoch(
                after: writer.sequence.epoch,
                highest: highest,
                in: slot.directory,
                now: now()
            )
            writer.sequence = OffsetSequence(epoch: epoch)
            state.withLock { $0.epoch = epoch }
        }
        let events = drafts.enumerated().map { index, draft in
            let partition = Partition.of(draft.subject)
            let event = place(draft, partition, writer.sequence.offset(at: index), after: heads[partition])
            heads[partition] = event.offset
            return event
        }
        let row = BatchRow(
            events,
            first: writer.sequence.offset(at: 0),
            last: writer.sequence.offset(at: events.count - 1),
            acceptedAt: now()
        )
        try checkPlace()
        try makingRoom { () throws(JournalError) in try checkSpace(for: 2 * row.records.count) }
        let isFull = writer.active.map { $0.bytes >= configuration.segmentBytes } ?? true
        if isFull || mustRoll { try rollMakingRoom(&writer) }
        try commit(row, &writer)
        // Accepted is only what can be opened by its name.
        try checkPlace()
        try restoreActive(&writer)
        writer.sequence.advance(by: events.count)
        writer.headsFile?.write(heads, at: row.acceptedAt)
        state.withLock { state in
            state.heads = heads
            state.counters.appendedBatches += 1
            state.counters.appendedEvents += events.count
            state.counters.appendedBytes += row.records.count
        }
        return events
    }

    /// Does what needs space; where the disk is full, once more for each delivered segment that is given up for it.
    private func makingRoom(_ body: () throws(JournalError) -> Void) throws(JournalError) {
        while true {
            do throws(JournalError) {
                return try body()
            } catch {
                guard error.code == .full, giveUpDelivered() else { throw error }
            }
        }
    }

    /// Followers must be able to read what waits when the disk is full, or it would wait for ever.
    private func checkSpace(for bytes: Int) throws(JournalError) {
        guard DurableFile.isFull(slot.directory, for: bytes) else { return }
        throw JournalError(.full, "the disk of \(slot.directory) is full; make room")
    }

    /// Begins a segment. A sealed one that is just being copied from its log needs its space twice, but not for long.
    private func rollMakingRoom(_ writer: inout Writer) throws(JournalError) {
        do throws(JournalError) {
            return try roll(&writer)
        } catch {
            let isTight = DurableFile.isFull(slot.directory, for: 2 * configuration.segmentBytes)
            guard error.code == .full || (error.isRetriable && isTight) else { throw error }
            sealing.sync {}
        }
        try makingRoom { () throws(JournalError) in try roll(&writer) }
    }

    private func place(_ draft: EventDraft, _ partition: Int, _ offset: Offset, after previous: Offset) -> JournalEvent
    {
        let frame = EventFrame.encode(
            draft,
            service: slot.service,
            producer: slot.producer,
            partition: partition,
            offset: offset,
            previous: previous
        )
        let newline = frame.firstIndex(of: UInt8(ascii: "\n"))
        return JournalEvent(
            partition: partition,
            offset: offset,
            previous: previous,
            frame: frame,
            jsonStart: newline.map { $0 + 1 } ?? 0
        )
    }

    /// Writes a row; where that fails, once more to a new segment: after a failed sync nobody knows what the old one
    /// holds.
    private func commit(_ row: BatchRow, _ writer: inout Writer) throws(JournalError) {
        do throws(JournalError) {
            return try makingRoom { () throws(JournalError) in try write(row, &writer) }
        } catch {
            pacedLogger.error(
                "A journal segment could not be written and was given up",
                metadata: ["error": "\(error)"]
            )
            state.withLock { $0.counters.abandonedSegments += 1 }
            try rollMakingRoom(&writer)
        }
        do throws(JournalError) {
            try makingRoom { () throws(JournalError) in try write(row, &writer) }
        } catch {
            // Nothing in it was ever acknowledged, and each further try would leave one more.
            if let unused = writer.active { discard(unused) }
            writer.active = nil
            throw error
        }
    }

    private func write(_ row: BatchRow, _ writer: inout Writer) throws(JournalError) {
        guard writer.active != nil else {
            throw JournalError(.inputOutput, "the journal in \(slot.directory) has no segment to write to")
        }
        try writer.active?.append(row)
    }

    /// Seals the active segment and begins the next; without space for it there is none.
    func roll(_ writer: inout Writer) throws(JournalError) {
        if let sealed = writer.active {
            writer.active = nil
            sealing.async { sealed.seal() }
        }
        let header = SegmentHeader(createdAt: now(), heads: state.withLock { $0.heads })
        writer.newest += 1
        let number = writer.newest
        writer.active = try SegmentWriter.create(
            number,
            in: slot.directory,
            header: header,
            producer: slot.producer,
            sync: configuration.sync
        )
        state.withLock { state in
            state.catalog.append(SegmentCatalog.Segment(number: number, header: header))
            state.mustRoll = false
        }
    }

    private func discard(_ segment: SegmentWriter) {
        state.withLock { $0.catalog.remove([segment.number]) }
        segment.seal()
        SegmentFile.remove(segment.number, in: slot.directory)
    }
}
