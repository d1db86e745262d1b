import EventStore
import Foundation
import PostgresStore
import Protocol
import TestSupport
import Testing

/// What a person reads when the server cannot be used, and what the caller is told.
@Suite struct ConnectionTests {
    @Test func `nobody listens`() async throws {
        try await withPostgresHarness { harness in
            let port = try FreePort.any()
            let address = try PostgresAddress(uri: "postgresql://u:hunter2@127.0.0.1:\(port)/x")
            let store = try harness.store { $0.address = address }
            await expect(.unreachable) { try await store.open() }
            #expect(!"\(address)".contains("hunter2"))
            #expect(address.description == "127.0.0.1:\(port)/x")
        }
    }

    @Test func `a database that is not there`() async throws {
        try await withPostgresHarness { harness in
            let address = try PostgresAddress(uri: harness.server.uri("nowhere"))
            await expect(.noDatabase) { try await harness.store { $0.address = address }.open() }
        }
    }

    @Test func `a role that is not there`() async throws {
        try await withPostgresHarness { harness in
            let uri = harness.server.uri(harness.database).replacingOccurrences(of: "collector@", with: "nobody@")
            let address = try PostgresAddress(uri: uri)
            await expect(.accessDenied) { try await harness.store { $0.address = address }.open() }
        }
    }

    @Test func `a user who may not create tables`() async throws {
        try await withPostgresHarness { harness in
            let role = "guest_" + harness.database
            _ = try await harness.rows("CREATE ROLE \(role) LOGIN")
            let uri = harness.server.uri(harness.database).replacingOccurrences(of: "collector@", with: "\(role)@")
            let address = try PostgresAddress(uri: uri)
            await expect(.accessDenied) { try await harness.store { $0.address = address }.open() }
            _ = try await harness.rows("DROP ROLE \(role)")
        }
    }

    @Test func `of several hosts the one that answers is taken`() async throws {
        try await withPostgresHarness { harness in
            let (server, free) = (harness.server, try FreePort.any())
            let address = try PostgresAddress(
                uri:
                    "postgresql://collector@127.0.0.1:\(free),127.0.0.1:\(server.port)/\(harness.database)?sslmode=prefer"
            )
            let store = try harness.store { $0.address = address }
            _ = try await store.open()
            await store.close()
        }
    }

    @Test func `a connection that ends is made again, and the same call succeeds`() async throws {
        try await withPostgresHarness { harness in
            let store = try harness.store { $0.application = "cut" }
            _ = try await store.open()
            var events = ConformanceEvents()
            let batch = events.batch([events.next(.chatMessage(ConformanceEvents.message("a")))], base: .zero).batch
            _ = try await harness.rows(
                "SELECT pg_terminate_backend(pid, 20000) FROM pg_stat_activity WHERE application_name = 'cut' "
                    + "AND datname = current_database()"
            )
            await expect(.unreachable) { try await store.commit(batch) }
            #expect(try await store.commit(batch) == .committed(inserted: 1, duplicates: 0))
            await store.close()
        }
    }

    @Test func `another database behind the same name is noticed`() async throws {
        try await withPostgresHarness { harness in
            let store = try harness.store { $0.application = "moved" }
            _ = try await store.open()
            _ = try await harness.rows(
                """
                UPDATE database_identity SET id = 'another';
                SELECT pg_terminate_backend(pid, 20000) FROM pg_stat_activity
                WHERE application_name = 'moved' AND datname = current_database()
                """
            )
            await expect(.unreachable) { try await store.offsets(of: "gw-7f3a") }
            await expect(.incompatible) { try await store.offsets(of: "gw-7f3a") }
        }
    }

    @Test func `a database that was dropped and made anew is left empty, and taken again when it is restored`()
        async throws
    {
        try await withPostgresHarness { harness in
            let store = try harness.store { $0.application = "restored" }
            let identity = try await store.open()
            let kept = try await harness.server.dump(harness.database)
            try await harness.server.dropDatabase(harness.database)
            await expect(.unreachable) { try await store.offsets(of: "gw-7f3a") }
            await expect(.noDatabase) { try await store.offsets(of: "gw-7f3a") }
            _ = try await harness.server.psql("postgres", "CREATE DATABASE \(harness.database) TEMPLATE template0")
            for _ in 0..<2 { await expect(.incompatible) { try await store.offsets(of: "gw-7f3a") } }
            #expect(
                try await harness.rows("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [["0"]]
            )
            _ = try await harness.rows(kept)
            #expect(try await store.offsets(of: "gw-7f3a").isEmpty)
            #expect(try await harness.rows("SELECT id FROM database_identity") == [[identity]])
            await store.close()
        }
    }

    @Test func `a connection that is cut before the server commits leaves an unknown outcome and nothing else`()
        async throws
    {
        try await withPostgresHarness { harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            _ = try await harness.rows(
                """
                CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS
                    'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); RETURN NULL; END';
                CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON chat_clears DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW EXECUTE FUNCTION cut()
                """
            )
            var events = ConformanceEvents()
            let clear = try #require(ConformanceEvents.all.map(\.event).first { $0.type == .chatClear })
            let batch = events.batch([events.next(clear)], base: .zero).batch
            await expect(.commitOutcomeUnknown) { try await store.commit(batch) }
            #expect(try await store.offsets(of: "gw-7f3a").isEmpty)
            await store.close()
        }
    }

    @Test func `a commit that was made and never answered is found in the offsets`() async throws {
        try await withPostgresHarness { harness in
            let store = try harness.store { $0.application = "unanswered" }
            _ = try await store.open()
            // The server has committed and waits for a standby that does not exist, when its connection is cut.
            _ = try await harness.rows(
                """
                CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
                    'BEGIN PERFORM set_config(''synchronous_commit'', ''on'', true); RETURN NEW; END';
                CREATE TRIGGER wait BEFORE INSERT ON chat_clears FOR EACH ROW EXECUTE FUNCTION wait()
                """
            )
            var events = ConformanceEvents()
            let clear = try #require(ConformanceEvents.all.map(\.event).first { $0.type == .chatClear })
            let batch = events.batch([events.next(clear)], base: .zero).batch
            async let cut: Void = eventually("the commit waits for its standby, and is cut") {
                try await harness.rows(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep' "
                        + "AND application_name = 'unanswered' AND datname = current_database()"
                ) == [["t"]]
            }
            await expect(.commitOutcomeUnknown) { try await store.commit(batch) }
            try await cut
            #expect(try await store.offsets(of: "gw-7f3a") == [7: batch.advances[0].next])
            #expect(try await store.commit(batch) == .fenced)
            #expect(try await harness.rows("SELECT count(*) FROM chat_clears") == [["1"]])
            await store.close()
        }
    }

    private func expect<Value>(_ code: EventStoreError.Code, _ body: () async throws -> Value) async {
        await #expect {
            try await body()
        } throws: { error in
            let text = "\(error)"
            return (error as? EventStoreError)?.code == code && !text.contains("hunter2") && !text.contains("\n")
        }
    }
}
