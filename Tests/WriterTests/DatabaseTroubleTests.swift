import EventStore
import Foundation
import Logging
import PostgresStore
import Protocol
import SQLiteStore
import ServiceLifecycle
import ServiceRuntime
import TestSupport
import Testing

@testable import writer

/// A whole writer, and a database that is closed, emptied or exchanged as a whole: it waits, not ready, and says why.
@Suite(.serialized) struct DatabaseTroubleTests {
    @Test func `a role that may not log in for a moment is waited for, at the start and later`() async throws {
        try await Archive.with { archive in
            try await archive.withPostgres { server, database, _ in
                let role = "writer_\(database)"
                try await server.psql(
                    database,
                    "CREATE ROLE \(role) NOLOGIN; ALTER DATABASE \(database) OWNER TO \(role); "
                        + "ALTER SCHEMA public OWNER TO \(role)"
                )
                let uri = server.uri(database).replacing("collector@", with: "\(role)@")
                var events = ConformanceEvents()
                archive.source.append(events.messages(20))
                archive.source.announce("gw-7f3a")
                try await withWriter(try store(uri), archive) {
                    try await eventually("it waits at the start") {
                        archive.obstacle?.contains("not permitted to log in") == true
                    }
                    try await server.psql(database, "ALTER ROLE \(role) LOGIN")
                    try await eventually("it writes") { archive.source.acknowledged["gw-7f3a"]?[7]?.sequence == 20 }
                    #expect(archive.obstacle == nil)
                    try await server.psql(
                        database,
                        "ALTER ROLE \(role) NOLOGIN; SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                            + "WHERE usename = '\(role)'"
                    )
                    try await eventually("it waits later, and tells the newest cause") {
                        archive.obstacle?.contains("not permitted to log in") == true
                    }
                    archive.source.append(events.messages(20, "later"))
                    try await server.psql(database, "ALTER ROLE \(role) LOGIN")
                    try await eventually("it goes on") { archive.source.acknowledged["gw-7f3a"]?[7]?.sequence == 40 }
                }
                #expect(try await server.psql(database, "SELECT count(*) FROM chat_messages") == [["40"]])
            }
        }
    }

    @Test func `a password that is rotated is waited for`() async throws {
        let server = try await PostgresServer()
        let rules = server.directory + "/data/pg_hba.conf"
        let trusting = try String(contentsOfFile: rules, encoding: .utf8)
        try Data(("host all keeper 127.0.0.1/32 scram-sha-256\n" + trusting).utf8).write(
            to: URL(fileURLWithPath: rules)
        )
        let database = try await server.makeDatabase()
        try await server.psql(
            database,
            "CREATE ROLE keeper LOGIN PASSWORD 'old'; ALTER DATABASE \(database) OWNER TO keeper; "
                + "ALTER SCHEMA public OWNER TO keeper; SELECT pg_reload_conf()"
        )
        try await Archive.with { archive in
            let uri = server.tcpURI(database).replacing("collector@", with: "keeper:old@")
            var events = ConformanceEvents()
            archive.source.append(events.messages(20))
            archive.source.announce("gw-7f3a")
            try await withWriter(try store(uri), archive) {
                try await eventually("it writes") { archive.source.acknowledged["gw-7f3a"]?[7]?.sequence == 20 }
                try await server.psql(
                    database,
                    "ALTER ROLE keeper PASSWORD 'new'; SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        + "WHERE usename = 'keeper'"
                )
                try await eventually("it waits") {
                    archive.obstacle?.contains("password authentication failed") == true
                }
                #expect(archive.obstacle?.contains("old@") == false)
                archive.source.append(events.messages(20, "later"))
                try await server.psql(database, "ALTER ROLE keeper PASSWORD 'old'")
                try await eventually("it goes on") { archive.source.acknowledged["gw-7f3a"]?[7]?.sequence == 40 }
            }
        }
    }

    @Test func `of a file that is removed nothing is acknowledged, and its backup gets everything`() async throws {
        try await Archive.with { archive in
            var events = ConformanceEvents()
            archive.source.append(events.messages(20))
            archive.source.announce("gw-7f3a")
            try await withWriter(archive.store, archive) {
                try await eventually("it writes") { archive.source.acknowledged["gw-7f3a"]?[7]?.sequence == 20 }
                let kept = archive.path + ".kept"
                for suffix in ["", "-wal", "-shm"] {
                    try FileManager.default.copyItem(atPath: archive.path + suffix, toPath: kept + suffix)
                }
                for suffix in ["", "-wal", "-shm"] { try FileManager.default.removeItem(atPath: archive.path + suffix) }
                archive.source.append(events.messages(20, "later"))
                try await eventually("it is not ready") { archive.obstacle?.contains("was removed") == true }
                #expect(archive.source.acknowledged["gw-7f3a"]?[7]?.sequence == 20)
                for suffix in ["-shm", "-wal", ""] {
                    try FileManager.default.moveItem(atPath: kept + suffix, toPath: archive.path + suffix)
                }
                try await eventually("it goes on") { archive.source.acknowledged["gw-7f3a"]?[7]?.sequence == 40 }
                #expect(archive.obstacle == nil)
            }
            #expect(try await archive.rows("SELECT count(*) FROM chat_messages") == [["40"]])
        }
    }

    @Test func `an idle writer notices a removed file within ten seconds`() async throws {
        try await Archive.with { archive in
            archive.source.announce("gw-7f3a")
            try await withWriter(archive.store, archive) {
                try await eventually("it is open") { FileManager.default.fileExists(atPath: archive.path + "-wal") }
                try await eventually("it is ready") { archive.health.parts.contains { $0.name == "database" } }
                let removed = ContinuousClock.now
                for suffix in ["", "-wal", "-shm"] { try FileManager.default.removeItem(atPath: archive.path + suffix) }
                try await eventually("it is not ready") { archive.obstacle?.contains("was removed") == true }
                #expect(ContinuousClock.now - removed < .seconds(10))
            }
        }
    }

    @Test func `a database emptied for a restore stays empty, also for a writer that starts meanwhile`() async throws {
        try await Archive.with { archive in
            try await archive.withPostgres { server, database, store in
                let state = archive.path + ".state"
                var events = ConformanceEvents()
                archive.source.append(events.messages(20))
                archive.source.announce("gw-7f3a")
                let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
                var kept = ""
                try await withWriter(store, archive) {
                    try await eventually("it writes") { archive.source.acknowledged["gw-7f3a"]?[7]?.sequence == 20 }
                    kept = try await server.dump(database)
                    try await server.dropDatabase(database)
                    try await eventually("it says that there is none") {
                        archive.obstacle?.contains("does not exist") == true
                    }
                    try await server.psql("postgres", "CREATE DATABASE \(database) TEMPLATE template0")
                    try await eventually("it says that it is empty") {
                        archive.obstacle?.contains("the archive is gone") == true
                    }
                }
                let slot = state + "/journal/irc-gateway/slot-0"
                try FileManager.default.createDirectory(atPath: slot, withIntermediateDirectories: true)
                try #"{"groups":{"writer":{"committed":{},"database":"d"}}}"#
                    .write(toFile: slot + "/acknowledged.json", atomically: true, encoding: .utf8)
                let next = Archive(path: archive.path)
                next.source.append(events.messages(20, "later"))
                next.source.announce("gw-7f3a")
                let beginning = ArchiveBeginning(stateDirectory: state)
                try await withWriter(try self.store(server.uri(database)), next, beginning: beginning) {
                    try await eventually("it waits") { next.obstacle?.contains("WRITER_NEW_ARCHIVE") == true }
                    #expect(try await server.psql(database, tables) == [["0"]])
                    try await server.psql(database, kept)
                    try await eventually("it goes on") { next.source.acknowledged["gw-7f3a"]?[7]?.sequence == 40 }
                }
                #expect(try await server.psql(database, "SELECT count(*) FROM public.chat_messages") == [["40"]])
            }
        }
    }

    private func store(_ uri: String) throws -> PostgresStore {
        PostgresStore(
            PostgresStore.Configuration(address: try PostgresAddress(uri: uri)),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Runs a writer as its process does, and stops it when `body` is over.
    private func withWriter(
        _ store: any EventStore,
        _ archive: Archive,
        beginning: ArchiveBeginning = ArchiveBeginning(),
        _ body: () async throws -> Void
    ) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let writer = WriterService(
            source: archive.source,
            store: store,
            limits: BatchBuilder.Limits(rows: 10, bytes: 1 << 20),
            delay: .milliseconds(5),
            beginning: beginning,
            health: archive.health,
            logger: logger
        )
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: writer, serviceName: "writer")],
                logger: logger
            )
        )
        async let running: Void = group.run()
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await body())
        } catch {
            outcome = .failure(error)
        }
        archive.source.stop()
        await group.triggerGracefulShutdown()
        try await running
        try outcome.get()
    }
}
