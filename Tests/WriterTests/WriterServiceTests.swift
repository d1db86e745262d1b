import EventStore
import Foundation
import Logging
import Protocol
import SQLiteStore
import ServiceLifecycle
import ServiceRuntime
import TestSupport
import Testing

@testable import writer

@Suite struct WriterServiceTests {
    @Test func `a standby takes over when the writer is gone`() async throws {
        try await Archive.with { archive in
            let first = archive.store
            #expect(try await first.claim())
            var events = ConformanceEvents()
            archive.source.append(events.messages(30))
            archive.source.announce("gw-7f3a")
            try await withWriter(archive.store, archive) {
                try await eventually("it stands by") {
                    archive.health.parts.contains { $0.name == "database" && $0.reason?.hasPrefix("standby") == true }
                }
                await first.close()
                try await eventually("it has taken over") {
                    archive.source.acknowledged["gw-7f3a"]?[7]?.sequence == 30
                }
            }
            #expect(try await archive.rows("SELECT count(*) FROM chat_messages") == [["30"]])
        }
    }

    @Test func `stopped while the database does not answer, it ends and acknowledges nothing`() async throws {
        try await Archive.with { archive in
            var events = ConformanceEvents()
            archive.source.append(events.messages(30))
            archive.source.announce("gw-7f3a")
            let store = FaultyStore(archive.store, always: .locked)
            try await withWriter(store, archive) {
                try await eventually("it tries") { store.commits > 2 }
            }
            #expect(archive.source.acknowledged["gw-7f3a"] == [:])
            #expect(try await archive.rows("SELECT count(*) FROM chat_messages") == [["0"]])
        }
    }

    @Test func `a file that cannot be opened ends it with one line`() async throws {
        try await withTemporaryDirectory { directory in
            let archive = Archive(path: directory + "/chats.db")
            try FileManager.default.createDirectory(atPath: archive.path, withIntermediateDirectories: false)
            await #expect {
                try await self.group(archive.store, archive).run()
            } throws: { error in
                (error as? ServiceFailure)?.exitStatus == .cannotCreate && "\(error)".contains("DATABASE_URL")
            }
        }
    }

    /// Runs a writer as its process does, and stops it when `body` is over.
    private func withWriter(
        _ store: any EventStore,
        _ archive: Archive,
        _ body: () async throws -> Void
    ) async throws {
        let group = group(store, archive)
        async let running: Void = group.run()
        do {
            try await body()
        } catch {
            archive.source.stop()
            await group.triggerGracefulShutdown()
            try await running
            throw error
        }
        archive.source.stop()
        await group.triggerGracefulShutdown()
        try await running
    }

    private func group(_ store: any EventStore, _ archive: Archive) -> ServiceGroup {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let writer = WriterService(
            source: archive.source,
            store: store,
            limits: BatchBuilder.Limits(rows: 10, bytes: 1 << 20),
            delay: .milliseconds(5),
            health: archive.health,
            logger: logger
        )
        return ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: writer, serviceName: "writer")],
                logger: logger
            )
        )
    }
}
