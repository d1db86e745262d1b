import EventStore
import PostgresStore
import TestSupport
import Testing

/// What is wrong with a database as a whole is told at the start, not row by row.
@Suite struct StartCheckTests {
    @Test(arguments: ["LATIN1", "SQL_ASCII", "EUC_JP"])
    func `an encoding that does not hold all of chat is refused with what to do`(_ encoding: String) async throws {
        try await withPostgresHarness { harness in
            let name = "\(harness.database)_encoded"
            try await harness.server.psql(
                "postgres",
                "CREATE DATABASE \(name) ENCODING '\(encoding)' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
            )
            let address = try PostgresAddress(uri: harness.server.uri(name))
            let store = try harness.store { $0.address = address }
            for call in [{ _ = try await store.open() }, { _ = try PostgresInspection.inspect(address) }] {
                await #expect {
                    try await call()
                } throws: { error in
                    let error = error as? EventStoreError
                    return error?.code == .incompatible && error?.message.contains(encoding) == true
                        && error?.message.contains("ENCODING 'UTF8' TEMPLATE template0") == true
                }
            }
            #expect(
                try await harness.server.psql(name, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [
                    ["0"]
                ]
            )
            await store.close()
            try await harness.server.dropDatabase(name)
        }
    }

    @Test func `a read-only default is told, and is over when it is`() async throws {
        try await withPostgresHarness { harness in
            let uri = harness.server.uri(harness.database) + "?target_session_attrs=any"
            let address = try PostgresAddress(uri: uri)
            let store = try harness.store { $0.address = address }
            _ = try await harness.rows("ALTER DATABASE \(harness.database) SET default_transaction_read_only = on")
            await #expect {
                try await store.open()
            } throws: { error in
                (error as? EventStoreError)?.code == .readOnly
                    && "\(error)".contains("default_transaction_read_only")
            }
            _ = try await harness.server.psql("postgres", "ALTER DATABASE \(harness.database) RESET ALL")
            _ = try await store.open()
            await store.close()
        }
    }

    @Test(arguments: [
        ("INSERT", "chat_notices", "insert into chat_notices"), ("SELECT", "bus_offsets", "read bus_offsets"),
        ("UPDATE", "streams", "update streams"), ("DELETE", "attribution_pending", "delete from attribution_pending"),
    ])
    func `a right that is missing on any table is told with its name`(
        _ right: String,
        _ table: String,
        _ words: String
    ) async throws {
        try await withPostgresHarness { harness in
            let owner = try harness.store()
            _ = try await owner.open()
            await owner.close()
            let role = "writer_\(harness.database)"
            _ = try await harness.rows(
                """
                CREATE ROLE \(role) LOGIN; GRANT CREATE, USAGE ON SCHEMA public TO \(role);
                GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO \(role);
                ALTER TABLE chat_messages OWNER TO \(role);
                REVOKE \(right) ON \(table) FROM \(role)
                """
            )
            let uri = harness.server.uri(harness.database).replacing("collector@", with: "\(role)@")
            let address = try PostgresAddress(uri: uri)
            let store = try harness.store { $0.address = address }
            let opened = await Result { () async throws(EventStoreError) in try await store.open() }
            let seen = Result { try PostgresInspection.inspect(address) }
            _ = try await harness.rows("GRANT \(right) ON \(table) TO \(role)")
            let mended = await Result { () async throws(EventStoreError) in try await store.open() }
            await store.close()
            _ = try await harness.rows(
                "REASSIGN OWNED BY \(role) TO collector; DROP OWNED BY \(role); DROP ROLE \(role)"
            )
            #expect(throws: EventStoreError.self) { try opened.get() }
            if case .failure(let error) = opened {
                #expect(error.code == .accessDenied && error.message.contains("may not \(words);"), "\(error)")
            }
            #expect(try seen.get().writeObstacle?.contains(words) == true)
            _ = try mended.get()
        }
    }
}

extension Result {
    /// What an asynchronous call gives or throws.
    fileprivate init(_ body: () async throws(Failure) -> Success) async {
        do throws(Failure) {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
