import Foundation
import GRDB
import TestSupport
import Testing

/// A backup of the database, restored while the journals stay: docs/operations.md promises that nothing is missing.
struct RestoredDatabaseTests {
    @Test func `what came after the backup is fetched again from the journal`() async throws {
        try await Stack.with { stack in
            try stack.startWriter()
            try stack.startGateway()
            try await stack.joined()
            var offered = try await stack.control.burst(stack.channels, 300).ids
            try await stack.expectStored(offered)
            let backup = stack.directory + "/backup.db"
            try backUp(stack.database, to: backup)

            offered.formUnion(try await stack.control.burst(stack.channels, 300).ids)
            try await stack.expectStored(offered)
            _ = try await stack.writer?.stop()
            for file in ["", "-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: stack.database + file)
            }
            try FileManager.default.copyItem(atPath: backup, toPath: stack.database)
            #expect(stack.rows("chat_messages") < offered.count)

            offered.formUnion(try await stack.control.burst(stack.channels, 100).ids)
            try stack.startWriter()
            try await stack.expectStored(offered)
            #expect(stack.rows("collection_gaps") == 0)
        }
    }

    /// What `.backup` of the sqlite3 program does, while the writer has the file.
    private func backUp(_ path: String, to copy: String) throws {
        let source = try DatabaseQueue(path: path)
        let target = try DatabaseQueue(path: copy)
        defer {
            try? source.close()
            try? target.close()
        }
        try source.backup(to: target)
    }
}
