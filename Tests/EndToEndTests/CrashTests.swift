import Foundation
import GRDB
import TestSupport
import Testing

/// What was accepted is stored exactly once, whoever dies and whenever.
@Suite(.serialized) struct CrashTests {
    @Test func `a writer that is killed again and again loses and doubles nothing`() async throws {
        try await Stack.with { stack in
            try stack.startGateway()
            try await stack.joined()
            var offered: Set<String> = []
            for _ in 0..<4 {
                try stack.startWriter()
                async let burst = stack.control.burst(stack.channels, 3_000)
                let before = stack.rows("chat_messages")
                try await eventually("the writer is in the middle of it") { stack.rows("chat_messages") > before }
                try await stack.writer?.killNow()
                offered.formUnion(try await burst.ids)
            }
            try stack.startWriter()
            try await stack.expectStored(offered)
            #expect(stack.rows("collection_gaps") == 0)
        }
    }

    @Test func `a gateway that is killed keeps what it accepted and records the hole`() async throws {
        try await Stack.with { stack in
            try stack.startWriter()
            for round in 1...3 {
                try stack.startGateway()
                try await stack.joined()
                _ = try await stack.control.burst(stack.channels, 1_000)
                let stored = stack.rows("chat_messages")
                try await eventually("round \(round) is stored") { stack.rows("chat_messages") > stored }
                try await stack.gateway?.killNow()
            }
            try stack.startGateway()
            try await stack.joined()
            let accepted = try await stack.acceptedMessageIDs()
            try await stack.expectStored(accepted)
            try await eventually("each hole is on record: a crashed session and a new one") {
                let crashed = try stack.read {
                    try Int.fetchOne(
                        $0,
                        sql:
                            "SELECT count(*) FROM collection_sessions WHERE stop_reason = 'crashed' AND stopped_at >= started_at"
                    )
                }
                return crashed == 3 * stack.channels.count
            }
        }
    }

    @Test func `a writer that is paused catches up`() async throws {
        try await Stack.with { stack in
            try stack.startWriter()
            try stack.startGateway()
            try await stack.joined()
            var offered = try await stack.control.burst(stack.channels, 500).ids
            try await eventually("the writer works") { stack.rows("chat_messages") > 0 }
            stack.writer?.send(SIGSTOP)
            offered.formUnion(try await stack.control.burst(stack.channels, 30_000).ids)
            stack.writer?.send(SIGCONT)
            try await stack.expectStored(offered)
        }
    }

    @Test func `a database that another process holds is waited for`() async throws {
        try await Stack.with { stack in
            try stack.startWriter()
            try stack.startGateway()
            try await stack.joined()
            var offered = try await stack.control.burst(stack.channels, 100).ids
            try await stack.expectStored(offered)
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            let thief = try DatabaseQueue(path: stack.database, configuration: configuration)
            try await thief.writeWithoutTransaction { database in
                try database.execute(sql: "BEGIN IMMEDIATE")
            }
            offered.formUnion(try await stack.control.burst(stack.channels, 5_000).ids)
            try await eventually("the writer says that it waits") {
                stack.writer?.errorOutput.contains("lock") == true
            }
            try await thief.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
            try thief.close()
            try await stack.expectStored(offered)
        }
    }
}
