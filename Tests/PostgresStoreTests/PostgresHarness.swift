import EventStore
import Logging
import PostgresStore
import TestSupport

/// A database of its own on the shared server, as the conformance suite wants it.
struct PostgresHarness: EventStoreHarness {
    let server: PostgresServer
    let database: String

    func makeStore() throws -> any EventStore { try store() }

    func store(_ change: (inout PostgresStore.Configuration) -> Void = { _ in }) throws -> PostgresStore {
        var configuration = PostgresStore.Configuration(address: try PostgresAddress(uri: server.uri(database)))
        change(&configuration)
        return PostgresStore(configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    func rows(_ sql: String) async throws -> [[String?]] {
        try await server.psql(database, sql)
    }
}

/// A database that is gone afterwards.
func withPostgresHarness(_ body: (PostgresHarness) async throws -> Void) async throws {
    let server = try await PostgresServer.shared()
    let database = try await server.makeDatabase()
    do {
        try await body(PostgresHarness(server: server, database: database))
    } catch {
        try? await server.dropDatabase(database)
        throw error
    }
    try await server.dropDatabase(database)
}
