import FoundationEssentials
import Protocol
import Synchronization

@testable import EventBus
@testable import writer

/// Many seeds, one after the other, on a thread of their own.
struct SimulationRun: Sendable {
    private(set) var tally = SimulationTally()
    /// The seeds whose promise was broken, and how.
    private(set) var broken: [UInt64: SimulationVerdict] = [:]

    /// `SEEDS`, or as many as fit into every test run.
    static var seeds: Int { ProcessInfo.processInfo.environment["SEEDS"].flatMap { Int($0) } ?? 2000 }
    /// `SEED`: where to begin.
    static var first: UInt64 { ProcessInfo.processInfo.environment["SEED"].flatMap { UInt64($0) } ?? 1 }

    /// Plays all of them, spread over the machine's cores; everything may take `rounds` tenths of a second to settle.
    static func make(
        _ seeds: Range<UInt64>,
        without ablations: Set<Ablation> = [],
        rounds: Int = 1000
    ) async throws -> SimulationRun {
        let threads = max(1, min(ProcessInfo.processInfo.activeProcessorCount, 16))
        return try await withThrowingTaskGroup(of: SimulationRun.self) { group in
            for thread in 0..<threads {
                let share = stride(from: seeds.lowerBound + UInt64(thread), to: seeds.upperBound, by: threads)
                group.addTask { try await play(Array(share), ablations, rounds) }
            }
            return try await group.reduce(into: SimulationRun()) { whole, part in
                whole.tally.add(part.tally)
                whole.broken.merge(part.broken) { $1 }
            }
        }
    }

    /// On a thread of its own: a simulation waits for nobody.
    private static func play(_ seeds: [UInt64], _ ablations: Set<Ablation>, _ rounds: Int) async throws -> Self {
        let result = Mutex(SimulationRun())
        try await DedicatedThread.run("simulation") {
            let drafts = ProtocolSimulation.drafts()
            let metrics = WriterMetrics()
            var run = SimulationRun()
            for seed in seeds {
                let simulation = try ProtocolSimulation(
                    seed: seed,
                    ablations: ablations,
                    drafts: drafts,
                    metrics: metrics
                )
                for _ in 0..<250 { try simulation.step() }
                run.note(simulation, isSettled: try simulation.settle(within: rounds))
            }
            result.withLock { $0 = run }
        }
        return result.withLock { $0 }
    }

    private mutating func note(_ simulation: ProtocolSimulation, isSettled: Bool) {
        let verdict = SimulationVerdict(simulation, isSettled: isSettled)
        tally.add(simulation.tally)
        tally.note(.excused, verdict.excused)
        guard !verdict.holds else { return }
        broken[simulation.seed] = verdict
        guard simulation.ablations.isEmpty, ProcessInfo.processInfo.environment["DETAILS"] != nil else { return }
        print((["seed \(simulation.seed)"] + simulation.story).joined(separator: "\n"))
    }

    /// How many seeds ended in that way.
    func count(of failure: SimulationVerdict.Failure) -> Int { broken.values.count { $0.failures.contains(failure) } }

    /// How many seeds ended in each way.
    var failures: String {
        let kinds = SimulationVerdict.Failure.allCases.compactMap { kind -> String? in
            let count = count(of: kind)
            return count > 0 ? "\(kind.rawValue) \(count)" : nil
        }
        return kinds.isEmpty ? "none" : kinds.joined(separator: ", ")
    }
}
