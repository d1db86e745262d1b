import Testing

/// Each part of the protocol is needed: without it the same simulation breaks.
@Suite(.serialized) struct AblationTests {
    private static let seeds: Range<UInt64> = 1..<201
    private static let rounds = 300

    private func broken(without ablations: Set<Ablation>) async throws -> SimulationRun {
        let run = try await SimulationRun.make(Self.seeds, without: ablations, rounds: Self.rounds)
        let names = ablations.map(\.rawValue).sorted().joined(separator: " and ")
        let what = names.isEmpty ? "with everything" : "without \(names)"
        print("\(what): \(run.broken.count) of \(Self.seeds.count) seeds broken: \(run.failures)")
        return run
    }

    @Test func `nothing breaks with everything in place`() async throws {
        #expect(try await broken(without: []).broken.isEmpty)
    }

    @Test(arguments: Ablation.allCases.filter { $0 != .rereadBeforeTruncation })
    func `without it something is lost or doubled`(_ ablation: Ablation) async throws {
        #expect(try await !broken(without: [ablation]).broken.isEmpty)
    }

    @Test func `without the look before a truncation the fence still finds out`() async throws {
        #expect(try await broken(without: [.rereadBeforeTruncation]).broken.isEmpty)
    }
}
