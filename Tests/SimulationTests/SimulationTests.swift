import Testing

/// The guarantee of the whole protocol, against every order of faults that a seed can think of.
struct SimulationTests {
    @Test func `what was accepted is stored once, or a gap says which events and why`() async throws {
        let first = SimulationRun.first
        let run = try await SimulationRun.make(first..<first + UInt64(SimulationRun.seeds))
        print("simulation: \(SimulationRun.seeds) seeds from \(first), broken \(run.broken.count): \(run.failures)")
        for line in run.tally.lines { print("  \(line)") }
        for (seed, verdict) in run.broken.sorted(by: { $0.key < $1.key }).prefix(10) {
            Issue.record("seed \(seed): \(verdict.failures.map(\.rawValue).sorted().joined(separator: ", "))")
        }
        guard SimulationRun.seeds >= 200 else { return }
        for event in SimulationTally.Event.allCases {
            #expect(run.tally[event] > 0, "the simulation never meets: \(event.rawValue)")
        }
    }

    @Test func `a seed always tells the same story`() async throws {
        let one = try await SimulationRun.make(1..<20)
        let other = try await SimulationRun.make(1..<20)
        #expect(one.tally == other.tally)
    }
}
