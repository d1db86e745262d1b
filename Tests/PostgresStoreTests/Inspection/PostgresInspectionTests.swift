import EventStore
import PostgresStore
import TestSupport
import Testing

@Suite struct PostgresInspectionTests {
    private func inspect(_ harness: PostgresHarness) throws -> ArchiveCondition {
        try PostgresInspection.inspect(PostgresAddress(uri: harness.server.uri(harness.database)))
    }

    @Test func `every state of an archive is told apart`() async throws {
        try await withPostgresHarness { harness in
            #expect(try inspect(harness) == ArchiveCondition(schema: .absent, writeObstacle: nil))
            let store = try harness.store()
            _ = try await store.open()
            #expect(try inspect(harness) == ArchiveCondition(schema: .current, writeObstacle: nil))
            await store.close()
            _ = try await harness.rows("INSERT INTO schema_migrations (name) VALUES ('9999-later')")
            #expect(try inspect(harness).schema == .newer(step: "9999-later"))
            _ = try await harness.rows("DELETE FROM schema_migrations")
            #expect(try inspect(harness).schema == .older(missing: "0001-tables"))
        }
    }

    @Test func `a database that cannot be written is told`() async throws {
        try await withPostgresHarness { harness in
            _ = try await harness.rows("ALTER DATABASE \(harness.database) SET default_transaction_read_only = on")
            // The connection itself asks for a server that can be written, unless the URI says otherwise.
            let uri = harness.server.uri(harness.database)
            let any = uri + (uri.contains("?") ? "&" : "?") + "target_session_attrs=any"
            let found = try PostgresInspection.inspect(PostgresAddress(uri: any))
            #expect(found.writeObstacle?.contains("read-only") == true)
        }
    }

    @Test func `a user who may only read is told`() async throws {
        try await withPostgresHarness { harness in
            let store = try harness.store()
            _ = try await store.open()
            await store.close()
            let role = "reader_\(harness.database)"
            _ = try await harness.rows(
                "CREATE ROLE \(role) LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO \(role)"
            )
            let uri = harness.server.uri(harness.database)
            let address = try PostgresAddress(uri: uri + (uri.contains("?") ? "&" : "?") + "user=\(role)")
            let found = Result { try PostgresInspection.inspect(address) }
            _ = try await harness.rows("DROP OWNED BY \(role); DROP ROLE \(role)")
            let condition = try found.get()
            #expect(condition.schema == .current)
            #expect(condition.writeObstacle?.contains("may not insert") == true)
        }
    }

    @Test func `nobody there is unreachable`() throws {
        #expect {
            try PostgresInspection.inspect(PostgresAddress(uri: "postgresql://127.0.0.1:1/chats"))
        } throws: { error in
            (error as? EventStoreError)?.code == .unreachable
        }
    }
}
