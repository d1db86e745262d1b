import EventStore
import Foundation
import SQLiteStore
import Testing

@Suite struct SQLiteInspectionTests {
    @Test func `an archive is current and writable, also beside its writer`() async throws {
        try await withSQLiteHarness { harness in
            let store = try harness.makeStore()
            #expect(try await store.claim())
            _ = try await store.open()
            let found = try SQLiteInspection.inspect(path: harness.path)
            #expect(found == ArchiveCondition(schema: .current, writeObstacle: nil))
            await store.close()
        }
    }

    @Test func `older and newer ones are told apart`() async throws {
        try await withSQLiteHarness { harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            await store.close()
            _ = try await harness.rows("DELETE FROM schema_migrations WHERE name = '0002-streams'")
            #expect(try SQLiteInspection.inspect(path: harness.path).schema == .older(missing: "0002-streams"))
            _ = try await harness.rows("INSERT INTO schema_migrations VALUES ('9999-later', '2030-01-01')")
            #expect(try SQLiteInspection.inspect(path: harness.path).schema == .newer(step: "9999-later"))
            _ = try await harness.rows("DROP TABLE schema_migrations")
            #expect(try SQLiteInspection.inspect(path: harness.path).schema == .absent)
        }
    }

    @Test func `what is no database is incompatible`() async throws {
        try await withSQLiteHarness { harness in
            let folder = String(harness.path.prefix(upTo: harness.path.lastIndex(of: "/") ?? harness.path.startIndex))
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data("no database at all, but long enough".utf8).write(to: URL(fileURLWithPath: harness.path))
            #expect {
                try SQLiteInspection.inspect(path: harness.path)
            } throws: { error in
                (error as? EventStoreError)?.code == .incompatible
            }
        }
    }
}
