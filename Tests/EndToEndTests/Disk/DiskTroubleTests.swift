import Foundation
import TestSupport
import Testing

/// The disk below the gateway's journal fails: chat waits in memory, a person reads why, and it recovers by itself.
@Suite(.serialized) struct DiskTroubleTests {
    @Test func `while the journal's disk is full, or cannot sync, chat waits in memory and nothing is lost`()
        async throws
    {
        try await Stack.with { stack in
            let (disk, stored) = try await stack.collectOnTroubledDisk()
            var offered = stored
            var times = 0
            for (kind, message) in [(DiskTrouble.Kind.full, "full"), (.sync, "disk I/O error")] {
                try disk.begin(kind)
                offered.formUnion(try await stack.control.burst(stack.channels, 300).ids)
                times += 1
                try await eventually("the gateway says that events wait: \(stack.said)") {
                    stack.count("the journal cannot be written; events wait in memory") == times
                }
                #expect(stack.said.contains(message), "and why: \(stack.said)")
                try disk.end()
                try await stack.expectStored(offered)
                try await eventually("the gateway says that it is over") {
                    stack.count("the journal is written again") == times
                }
            }
            #expect(stack.gateway?.isRunning == true)
            #expect(stack.rows("collection_gaps") == 0)
        }
    }

    @Test func `after one failed sync the segment is given up and the batch stands in the next`() async throws {
        try await Stack.with { stack in
            let (disk, stored) = try await stack.collectOnTroubledDisk()
            var offered = stored
            try disk.begin(.once)
            offered.formUnion(try await stack.control.burst(stack.channels, 300).ids)
            try await eventually("the sync has failed") { disk.isOver }
            try await stack.expectStored(offered)
            #expect(stack.count("A journal segment could not be written and was given up") == 1, "\(stack.said)")
            let next = stack.directory + "/state/journal/irc-gateway/slot-0/000002.journal"
            #expect(FileManager.default.fileExists(atPath: next))
            // What the given up segment holds is not taken for a second truth after a crash.
            try await stack.gateway?.killNow()
            try stack.startGateway()
            try await stack.joined()
            offered.formUnion(try await stack.control.burst(stack.channels, 300).ids)
            try await stack.expectStored(offered)
            #expect(stack.rows("collection_gaps") == 0)
        }
    }
}

extension Stack {
    /// Starts a writer and a gateway whose disk fails on request, and lets them store something while it does not.
    fileprivate func collectOnTroubledDisk() async throws -> (disk: DiskTrouble, offered: Set<String>) {
        let disk = try await DiskTrouble(in: directory)
        try startWriter()
        try startGateway(disk.environment)
        try await joined()
        let offered = try await control.burst(channels, 300).ids
        try await expectStored(offered)
        return (disk, offered)
    }

    fileprivate var said: String { gateway?.errorOutput ?? "" }

    fileprivate func count(_ text: String) -> Int { said.components(separatedBy: text).count - 1 }
}
