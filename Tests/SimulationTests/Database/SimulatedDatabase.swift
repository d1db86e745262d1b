import EventStore
import Protocol
import TestSupport

@testable import PostgresStore
@testable import writer

/// A database without unique indexes, so that nothing but the offsets prevents doubles: it answers late, fails over to an
/// older state, loses sessions and locks, and does not always say whether a commit happened.
final class SimulatedDatabase {
    /// Where an event lies: its identity.
    struct Row: Hashable {
        var producer: String
        var offset: Offset
    }

    struct State {
        var rows: [Row: Int] = [:]
        var offsets: [PartitionKey: Offset] = [:]
        var gaps: [Gap] = []
    }

    /// What a session is doing when it ends.
    enum Fate {
        case committed
        case notCommitted
        /// Its COMMIT is still on the way, and comes when nobody expects it.
        case late
    }

    /// One writer's session.
    private struct Session {
        var owned: Set<Int> = []
        var heard: Set<Int> = []
        var absences = OwnerAbsences()
    }

    private let comparesOffsets: Bool
    /// Rows have their natural keys, so that what is told again is not stored again.
    private let hasKeys: Bool
    private let clock: SimulatedClock
    private(set) var state = State()
    private var history: [(at: Duration, state: State)] = []
    private var sessions: [Int: Session] = [:]
    private var numbers: [String: Int] = [:]
    private var lastSession = 0
    private var late: [StoreBatch] = []
    private(set) var tally = SimulationTally()
    var isDown = false

    init(comparesOffsets: Bool, hasKeys: Bool, clock: SimulatedClock) {
        self.comparesOffsets = comparesOffsets
        self.hasKeys = hasKeys
        self.clock = clock
    }

    func takeTally() -> SimulationTally {
        defer { tally = SimulationTally() }
        return tally
    }

    // MARK: Sessions

    func connect() -> Int {
        lastSession += 1
        sessions[lastSession] = Session()
        return lastSession
    }

    func isOpen(_ session: Int) -> Bool { sessions[session] != nil }

    /// The session is over, and with it its locks.
    func end(_ session: Int) { sessions[session] = nil }

    /// Harsher than PostgreSQL: the locks are gone, and the session does not notice.
    func loseLocks(of session: Int) {
        guard sessions[session]?.owned.isEmpty == false else { return }
        sessions[session] = Session()
        tally.note(.lockLost)
    }

    var openSessions: [Int] { sessions.keys.sorted() }

    /// Shares the partitions as `PartitionLocks` does.
    func rebalance(_ session: Int, hearing heard: [HeardProducer]) -> Ownership {
        for one in heard where numbers[one.producer] == nil { numbers[one.producer] = numbers.count + 1 }
        let owned = sessions[session]?.owned ?? []
        let foreign = sessions.filter { $0.key != session }.values.reduce(into: Set<Int>()) { $0.formUnion($1.owned) }
        var share = PartitionShare(
            members: sessions.count,
            owned: owned,
            foreign: foreign.subtracting(owned),
            count: Partition.count
        )
        share.owned.subtract(share.released)
        share.owned.formUnion(share.candidates(startingAt: session &* 11))
        if share.owned != owned { tally.note(.partitionsMoved) }
        sessions[session, default: Session()].owned = share.owned
        sessions[session]?.heard = Set(heard.compactMap { numbers[$0.producer] })
        return ownership(of: session, heard)
    }

    private func ownership(of session: Int, _ heard: [HeardProducer]) -> Ownership {
        var view = HearingShare(me: session)
        for (other, state) in sessions {
            view.hearing[other] = state.heard
            for partition in state.owned { view.owners[partition] = other }
        }
        sessions[session]?.absences.update(view, now: clock.now)
        let own = sessions[session]?.owned ?? []
        var ownership = Ownership(partitions: own)
        for one in heard {
            guard let number = numbers[one.producer], let absences = sessions[session]?.absences else { continue }
            let partitions = view.partitions(of: number, absences, now: clock.now)
            ownership.producers[one.producer] = partitions
            if !partitions.isSubset(of: own) { tally.note(.deputy) }
        }
        return ownership
    }

    // MARK: Transactions

    func offsets(of producer: String) -> [Int: Offset] {
        var offsets: [Int: Offset] = [:]
        for (key, offset) in state.offsets where key.producer == producer { offsets[key.partition] = offset }
        return offsets
    }

    func commit(_ batch: StoreBatch) -> CommitOutcome {
        let stale = batch.advances.contains { advance in
            let key = PartitionKey(producer: advance.producer, partition: advance.partition)
            return state.offsets[key] ?? .zero != advance.base
        }
        if stale, comparesOffsets {
            tally.note(.fenced)
            return .fenced
        }
        for advance in batch.advances {
            state.offsets[PartitionKey(producer: advance.producer, partition: advance.partition)] = advance.next
        }
        for event in batch.events { insert(Row(producer: event.producer, offset: event.offset)) }
        for letter in batch.deadLetters { insert(Row(producer: letter.producer, offset: letter.offset)) }
        tally.note(.rewound, batch.advances.count { $0.next == .zero })
        state.gaps += batch.gaps
        tally.note(.gapRecorded, batch.gaps.count)
        history.append((clock.elapsed, state))
        return .committed(inserted: batch.events.count, duplicates: 0)
    }

    private func insert(_ row: Row) {
        guard !hasKeys || state.rows[row] == nil else { return }
        state.rows[row, default: 0] += 1
    }

    /// A commit whose session ends before it is answered.
    func abort(_ batch: StoreBatch, _ fate: Fate, session: Int) {
        end(session)
        tally.note(.unknownCommit)
        switch fate {
        case .committed: _ = commit(batch)
        case .notCommitted: break
        case .late: late.append(batch)
        }
    }

    /// One of the commits on the way arrives.
    func arrive(_ random: inout SeededGenerator) {
        guard !late.isEmpty else { return }
        tally.note(.lateCommit)
        _ = commit(late.remove(at: random.below(late.count)))
    }

    var hasLateCommits: Bool { !late.isEmpty }

    /// A replica takes over that had not received the last commits; all sessions end.
    func failOver(losingAtMost window: Duration, _ random: inout SeededGenerator) {
        let oldest = clock.elapsed - window
        let lost = history.filter { $0.at > oldest }.count
        let kept = history.count - random.below(lost + 1)
        history.removeLast(history.count - kept)
        state = history.last?.state ?? State()
        sessions = [:]
        late = []
        tally.note(.failover)
    }
}
