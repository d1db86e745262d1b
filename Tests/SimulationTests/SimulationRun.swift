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

    static func make(_ seeds: Range<UInt64>, without ablations: Set<Ablation> = []) async throws -> SimulationRun {
        let result = Mutex(SimulationRun())
        try await DedicatedThread.run("simulation") {
            let drafts = ProtocolSimulation.drafts()
            let metrics = WriterMetrics()
            var run = SimulationRun()
            for seed in seeds { try run.play(seed, ablations, drafts, metrics) }
            result.withLock { $0 = run }
        }
        return result.withLock { $0 }
    }

    private mutating func play(
        _ seed: UInt64,
        _ ablations: Set<Ablation>,
        _ drafts: [EventDraft],
        _ metrics: WriterMetrics
    ) throws {
        let simulation = try ProtocolSimulation(seed: seed, ablations: ablations, drafts: drafts, metrics: metrics)
        for _ in 0..<250 { try simulation.step() }
        let isSettled = try simulation.settle()
        let verdict = SimulationVerdict(simulation, isSettled: isSettled)
        tally.add(simulation.tally)
        tally.note(.excused, verdict.excused)
        guard !verdict.holds else { return }
        broken[seed] = verdict
        guard ablations.isEmpty, ProcessInfo.processInfo.environment["DETAILS"] != nil else { return }
        print((["seed \(seed)"] + simulation.story).joined(separator: "\n"))
    }

    /// How many seeds ended in each way.
    var failures: String {
        let kinds = SimulationVerdict.Failure.allCases.compactMap { kind -> String? in
            let count = broken.values.count { $0.failures.contains(kind) }
            return count > 0 ? "\(kind.rawValue) \(count)" : nil
        }
        return kinds.isEmpty ? "none" : kinds.joined(separator: ", ")
    }
}
