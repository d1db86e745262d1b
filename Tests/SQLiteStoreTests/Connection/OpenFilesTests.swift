import EventStore
import Foundation
import GRDB
import Protocol
import SQLiteStore
import TestSupport
import Testing

/// What is done to the files of an archive while a store has it open.
@Suite struct OpenFilesTests {
    /// A store with three messages of which the backup has one.
    private struct Scene {
        let harness: SQLiteHarness
        let store: SQLiteStore
        let backup: String
        var events = ConformanceEvents()
        var last = Offset.zero

        init(_ harness: SQLiteHarness) async throws {
            self.harness = harness
            store = SQLiteStore(SQLiteStore.Configuration(path: harness.path))
            backup = harness.path + ".backup"
            #expect(try await store.claim())
            _ = try await store.open()
            _ = try await commit("a")
            try await Self.backUp(harness.path, to: backup)
            _ = try await commit("b")
            _ = try await commit("c")
        }

        /// The next message, from where the store says that it stands.
        mutating func commit(_ id: String) async throws -> CommitOutcome {
            let batch = next(id)
            let outcome = try await store.commit(batch)
            last = batch.advances[0].next
            return outcome
        }

        mutating func next(_ id: String) -> StoreBatch {
            events.batch([events.next(.chatMessage(ConformanceEvents.message(id)))], base: last).batch
        }

        func ids() async throws -> [[String?]] { try await harness.rows("SELECT id FROM chat_messages ORDER BY id") }

        private static func backUp(_ path: String, to copy: String) async throws {
            let source = try DatabaseQueue(path: path)
            let target = try DatabaseQueue(path: copy)
            try source.backup(to: target)
            try target.close()
            try source.close()
        }
    }

    private static func remove(_ path: String, _ suffixes: [String]) throws {
        for suffix in suffixes { try FileManager.default.removeItem(atPath: path + suffix) }
    }

    private func expect(_ code: EventStoreError.Code, _ words: String, _ body: () async throws -> Void) async {
        await #expect {
            try await body()
        } throws: { error in
            let error = error as? EventStoreError
            return error?.code == code && error?.isRetriable == true && error?.message.contains(words) == true
        }
    }

    @Test(arguments: [["", "-wal", "-shm"], [""]])
    func `removed files take nothing and are not made anew, and go on when they are back`(_ removed: [String])
        async throws
    {
        try await withSQLiteHarness { harness in
            var scene = try await Scene(harness)
            for suffix in removed {
                try FileManager.default.moveItem(atPath: harness.path + suffix, toPath: harness.path + ".kept" + suffix)
            }
            let batch = scene.next("d")
            for _ in 0..<2 {
                await expect(.cannotOpen, "waiting for it to come back") { _ = try await scene.store.commit(batch) }
                await expect(.cannotOpen, "waiting for it to come back") { _ = try await scene.store.verify() }
            }
            #expect(!FileManager.default.fileExists(atPath: harness.path))
            for suffix in removed where FileManager.default.fileExists(atPath: harness.path + ".kept" + suffix) {
                try? FileManager.default.removeItem(atPath: harness.path + suffix)
                try FileManager.default.moveItem(atPath: harness.path + ".kept" + suffix, toPath: harness.path + suffix)
            }
            #expect(try await scene.store.verify(), "it was opened anew")
            #expect(try await scene.store.commit(batch) == .committed(inserted: 1, duplicates: 0))
            #expect(try await scene.ids() == [["a"], ["b"], ["c"], ["d"]])
            await scene.store.close()
        }
    }

    @Test(arguments: [[], ["-wal", "-shm"]])
    func `a backup that is moved over it is opened, and nothing of the old log gets into it`(_ removed: [String])
        async throws
    {
        try await withSQLiteHarness { harness in
            var scene = try await Scene(harness)
            try Self.remove(harness.path, removed)
            #expect(rename(scene.backup, harness.path) == 0)
            let batch = scene.next("d")
            #expect(try await scene.store.commit(batch) == .fenced, "the backup has less than the writer believes")
            #expect(try await scene.store.verify())
            #expect(try await !scene.store.verify())
            #expect(try await scene.ids() == [["a"]])
            #expect(try await harness.rows("PRAGMA integrity_check") == [["ok"]])
            await scene.store.close()
        }
    }

    @Test func `a log that is removed loses nothing`() async throws {
        try await withSQLiteHarness { harness in
            var scene = try await Scene(harness)
            try Self.remove(harness.path, ["-wal", "-shm"])
            #expect(try await scene.store.verify())
            _ = try await scene.commit("d")
            await scene.store.close()
            #expect(try await scene.ids() == [["a"], ["b"], ["c"], ["d"]])
        }
    }

    @Test func `another archive under the name is left as it is`() async throws {
        try await withSQLiteHarness { harness in
            var scene = try await Scene(harness)
            let other = SQLiteStore(SQLiteStore.Configuration(path: harness.path + ".other"))
            _ = try await other.open()
            await other.close()
            try Self.remove(harness.path, ["", "-wal", "-shm"])
            #expect(rename(harness.path + ".other", harness.path) == 0)
            let batch = scene.next("d")
            for _ in 0..<2 {
                await expect(.incompatible, "another archive") { _ = try await scene.store.commit(batch) }
            }
            #expect(try await scene.ids().isEmpty)
            await scene.store.close()
        }
    }

    @Test func `a folder that is moved away is gone, and back when it is back`() async throws {
        try await withSQLiteHarness { harness in
            var scene = try await Scene(harness)
            let folder = URL(fileURLWithPath: harness.path).deletingLastPathComponent().path
            #expect(rename(folder, folder + ".away") == 0)
            let batch = scene.next("d")
            await expect(.cannotOpen, "waiting for it to come back") { _ = try await scene.store.commit(batch) }
            #expect(rename(folder + ".away", folder) == 0)
            #expect(try await scene.store.commit(batch) == .committed(inserted: 1, duplicates: 0))
            await scene.store.close()
        }
    }

    @Test func `who takes the place under a removed lock file is waited for`() async throws {
        try await withSQLiteHarness { harness in
            let scene = try await Scene(harness)
            try Self.remove(harness.path, [".writer.lock"])
            let other = SQLiteStore(SQLiteStore.Configuration(path: harness.path))
            #expect(try await other.claim())
            await expect(.locked, "another writer") { _ = try await scene.store.verify() }
            await other.close()
            #expect(try await !scene.store.verify())
            #expect(try await !other.claim(), "the place is taken again")
            await scene.store.close()
        }
    }

    @Test func `the file and what is beside it are their owner's alone from the first moment`() async throws {
        try await withSQLiteHarness { harness in
            let before = umask(0)
            defer { umask(before) }
            let scene = try await Scene(harness)
            for suffix in ["", "-wal", "-shm", ".writer.lock"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: harness.path + suffix)
                #expect((attributes[.posixPermissions] as? Int) == 0o600, "\(suffix)")
            }
            await scene.store.close()
        }
    }

    @Test func `a disk without room is told before anything is written`() async throws {
        try await withSQLiteHarness { harness in
            let store = SQLiteStore(SQLiteStore.Configuration(path: harness.path, leastFree: .max))
            await expect(.diskFull, "MiB are free") { _ = try await store.open() }
        }
    }
}
