import TestSupport
import Testing

@Suite struct ConformanceTests {
    @Test(arguments: EventStoreConformance.all)
    func `SQLite does what every engine must`(_ conformance: EventStoreConformance) async throws {
        try await withSQLiteHarness { harness in
            try await conformance.check(harness)
        }
    }
}
