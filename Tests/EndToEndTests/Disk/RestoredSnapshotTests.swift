import Foundation
import GRDB
import TestSupport
import Testing

/// `STATE_DIR` comes from a backup: what the journal had accepted since is gone, and that is on record.
struct RestoredSnapshotTests {
    @Test func `a journal restored from an old copy loses what nobody stored, and says so`() async throws {
        try await Stack.with { stack in
            let journal = stack.directory + "/state/journal"
            let copy = stack.directory + "/copy"
            try stack.startWriter()
            var offered: Set<String> = []
            try await stack.chat(into: &offered)
            try await stack.expectStored(offered)
            #expect(try await stack.gateway?.stop() == 0)
            try FileManager.default.copyItem(atPath: journal, toPath: copy)
            // Stored before the disaster, unknown to the copy.
            let disaster = Date()
            try await stack.chat(into: &offered)
            try await stack.expectStored(offered)
            // Accepted, but never stored.
            try await stack.writer?.killNow()
            let lost = try await stack.control.burst(stack.channels, 200).ids
            try await stack.gateway?.killNow()
            try FileManager.default.removeItem(atPath: journal)
            try FileManager.default.moveItem(atPath: copy, toPath: journal)

            // Epochs count seconds: nobody restores a backup within the one in which it was made.
            try await eventually("the clock has gone on") { Date().timeIntervalSince(disaster) > 2.5 }
            try stack.startWriter()
            try await stack.chat(into: &offered)
            try await stack.expectStored(offered)
            #expect(offered.isDisjoint(with: lost))
            #expect(stack.writer?.errorOutput.contains("the journal was set back") == true)
            let partitions = try stack.read {
                try Int.fetchOne($0, sql: "SELECT count(DISTINCT partition) FROM collection_gaps")
            }
            #expect(partitions == stack.channels.count, "each channel's partition has its gap")
        }
    }
}

extension Stack {
    /// Starts a gateway and lets it read some messages.
    fileprivate func chat(into offered: inout Set<String>) async throws {
        try startGateway()
        try await joined()
        offered.formUnion(try await control.burst(channels, 200).ids)
    }
}
