import Dispatch
import Logging
package import Protocol
import Synchronization

extension Journal {
    /// What is known about the file of acknowledgements.
    struct AcknowledgementFile {
        var savedAt: ContinuousClock.Instant?
        var saved: Acknowledgements?
    }

    /// Remembers what a group's database has committed, as far as this journal goes.
    ///
    /// The database's id is on disk on return, progress within a second or so: forgetting some of it only keeps a
    /// segment longer.
    package func acknowledge(
        group: String,
        database: String,
        committed: [Int: Offset],
        replaces: Bool = false,
        at now: ContinuousClock.Instant = .now
    ) throws(AcknowledgeRefused) {
        let change = try state.withLock { state throws(AcknowledgeRefused) in
            let (believed, beyond) = Acknowledgements.believable(committed, heads: state.heads)
            let isSetBack = state.acknowledged.isSetBack(group: group, committed: believed)
            let change = try state.acknowledged.acknowledge(
                group: group,
                database: database,
                committed: believed,
                partitions: state.heads.count,
                file: Acknowledgements.path(in: slot.directory),
                required: configuration.requiredGroups,
                replaces: replaces
            )
            if !beyond.isEmpty {
                pacedLogger.warning(
                    "a writer acknowledges more than this journal ever had; only what it had is believed",
                    metadata: ["bus.group": "\(group)", "journal.partitions": "\(beyond)"]
                )
            }
            if isSetBack || change == .replaced { state.delivered.beginAnew() }
            state.delivered.heard(from: group, at: now)
            return change
        }
        switch change {
        case .none: break
        case .progress: saveAcknowledgements(atLeastEvery: .seconds(1))
        case .newGroup: saveAcknowledgements(atLeastEvery: .zero)
        case .replaced:
            saveAcknowledgements(atLeastEvery: .zero)
            logger.warning(
                "a new archive replaces the one that this journal was kept for",
                metadata: ["bus.group": "\(group)"]
            )
        }
    }

    func saveAcknowledgements(atLeastEvery interval: Duration) {
        acknowledgementFile.withLock { file in
            let current = state.withLock { $0.acknowledged }
            let instant = ContinuousClock.now
            guard current != file.saved, !(current.groups.isEmpty && file.saved == nil),
                file.savedAt.map({ instant - $0 >= interval }) ?? true
            else { return }
            let isNewGroup =
                file.saved?.groups.mapValues(\.database) != current.groups.mapValues(\.database)
            file.savedAt = instant
            do throws(JournalError) {
                try JSONFile.write(current, to: Acknowledgements.path(in: slot.directory), durably: isNewGroup)
                file.saved = current
            } catch {
                pacedLogger.error("Acknowledgements could not be saved", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Removes the segments that are no longer needed, or that the cap forces out.
    package func prune(at now: ContinuousClock.Instant = .now) -> PruneReport {
        saveAcknowledgements(atLeastEvery: .zero)
        let sizes = state.withLock { $0.catalog.segments.map(\.number) }.map {
            ($0, SegmentFile.size($0, in: slot.directory))
        }
        let bytes = Dictionary(uniqueKeysWithValues: sizes)
        let removals = state.withLock { state in
            PrunePolicy(configuration).removals(
                state.catalog.extents(heads: state.heads).map {
                    PrunePolicy.Candidate(extent: $0, bytes: bytes[$0.number] ?? 0)
                },
                acknowledged: state.acknowledged,
                delivered: &state.delivered,
                now: now
            )
        }
        guard !removals.isEmpty else { return PruneReport() }
        let numbers = removals.map(\.number)
        let lost = removals.flatMap(\.lost)
        state.withLock { state in
            state.catalog.remove(numbers)
            state.counters.prunedSegments += numbers.count
        }
        readers.withLock { $0.close(numbers) }
        for number in numbers where !SegmentFile.remove(number, in: slot.directory) {
            logger.error(
                "A journal segment could not be removed",
                metadata: ["journal.segment": "\(SegmentFile.path(number, in: slot.directory))"]
            )
        }
        if !lost.isEmpty {
            logger.critical(
                "The journal reached its cap and removed events that no database has committed",
                metadata: [
                    "journal.directory": "\(slot.directory)",
                    "journal.cap_bytes": "\(configuration.capBytes)",
                    "journal.partitions": "\(Set(lost.map(\.partition)).sorted())",
                ]
            )
        }
        return PruneReport(removedSegments: numbers, lost: lost)
    }

    /// Removes the oldest segment whose events are all stored, however young it is: new events are worth more than the means
    /// to repeat old ones after a failover of the database.
    /// - Returns: Whether there was one.
    func giveUpDelivered() -> Bool {
        let number: Int? = state.withLock { state in
            let extents = state.catalog.extents(heads: state.heads)
            let policy = PrunePolicy(configuration)
            guard extents.count > 1, let oldest = extents.first, policy.undelivered(oldest, state.acknowledged).isEmpty
            else { return nil }
            state.catalog.remove([oldest.number])
            state.delivered.forget([oldest.number])
            state.counters.prunedSegments += 1
            return oldest.number
        }
        guard let number else { return false }
        readers.withLock { $0.close([number]) }
        // A sealed one may still be copied from its log.
        sealing.sync {}
        SegmentFile.remove(number, in: slot.directory)
        pacedLogger.warning(
            "the disk is full: segments that are stored are given up early",
            metadata: ["journal.directory": "\(slot.directory)"]
        )
        return true
    }
}
