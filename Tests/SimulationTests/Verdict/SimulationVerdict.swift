import EventStore
import Protocol

@testable import writer

/// What a simulation did to what was accepted.
struct SimulationVerdict: Hashable, Sendable {
    enum Failure: String, CaseIterable, Hashable, Sendable {
        /// It never came to an end.
        case stalled
        /// An event that its journal kept, or that went loudly, is neither stored nor named by a gap.
        case lost
        case doubled
        /// A gap names an event that is stored.
        case falseGap = "false gap"
        /// A row that nobody accepted.
        case invented
    }

    private(set) var failures: Set<Failure> = []
    /// Events that were lost with the power or an old directory, and that nothing in the world remembers.
    private(set) var excused = 0

    var holds: Bool { failures.isEmpty }

    init(_ simulation: ProtocolSimulation, isSettled: Bool) {
        if !isSettled { failures.insert(.stalled) }
        let state = simulation.database.state
        let masked = simulation.maskedParts(in: state)
        // What somebody in the producer's place said of a later run has left rows as well.
        let gaps = state.gaps.filter { !simulation.isForged($0) }
        for (row, event) in simulation.accepted {
            let isGap = gaps.contains { gap in
                gap.producer == row.producer && gap.partition == event.partition && gap.after < row.offset
                    && row.offset <= gap.through
            }
            switch (state.rows[row] ?? 0, event.fortune) {
            case (2..., _): failures.insert(.doubled)
            case (1, _): if isGap { failures.insert(.falseGap) }
            // With a gap as well: the journal promised to have it.
            case (_, .kept) where masked.contains(.init(producer: row.producer, partition: event.partition)):
                excused += 1
            case (_, .kept): failures.insert(.lost)
            case (_, .capped): if !isGap { failures.insert(.lost) }
            case (_, .unsynced): if !isGap { excused += 1 }
            }
        }
        if state.rows.keys.contains(where: { simulation.accepted[$0] == nil && !simulation.forged.contains($0) }) {
            failures.insert(.invented)
        }
    }
}
