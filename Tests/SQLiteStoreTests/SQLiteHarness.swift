import EventStore
import GRDB
import SQLiteStore
import TestSupport

/// A file below a temporary folder, as the conformance suite wants it.
struct SQLiteHarness: EventStoreHarness {
    let path: String

    func makeStore() throws -> any EventStore {
        SQLiteStore(SQLiteStore.Configuration(path: path))
    }

    func rows(_ sql: String) async throws -> [[String?]] {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        return try await queue.writeWithoutTransaction { database in
            try Row.fetchAll(database, sql: sql).map { row in
                row.databaseValues.map { value in
                    switch value.storage {
                    case .null: nil
                    case .int64(let number): "\(number)"
                    case .double(let number): "\(number)"
                    case .string(let text): text
                    case .blob(let data): "\(data.count) bytes"
                    }
                }
            }
        }
    }
}

/// A store's file that is gone afterwards.
func withSQLiteHarness(_ body: (SQLiteHarness) async throws -> Void) async throws {
    try await withTemporaryDirectory { directory in
        try await body(SQLiteHarness(path: directory + "/data/chats.db"))
    }
}
