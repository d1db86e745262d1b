import TestSupport
import Testing

@Suite struct ConformanceTests {
    @Test(arguments: EventStoreConformance.all)
    func `PostgreSQL does what every engine must`(_ conformance: EventStoreConformance) async throws {
        try await withPostgresHarness { harness in
            try await conformance.check(harness)
        }
    }
}
