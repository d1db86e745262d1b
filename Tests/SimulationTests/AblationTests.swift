import Testing

/// Each part of the protocol is needed: without it the same simulation breaks.
struct AblationTests {
    private static let seeds: Range<UInt64> = 1..<401

    @Test(arguments: Ablation.allCases.filter { $0 != .rereadBeforeTruncation })
    func `without it something is lost or doubled`(_ ablation: Ablation) async throws {
        let run = try await SimulationRun.make(Self.seeds, without: [ablation])
        print("without \(ablation.rawValue): \(run.broken.count) of \(Self.seeds.count) seeds broken: \(run.failures)")
        #expect(!run.broken.isEmpty)
    }
}
