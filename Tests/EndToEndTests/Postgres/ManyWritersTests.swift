import Foundation
import TestSupport
import Testing

/// Writers come, go, die and pause; each accepted message is stored once.
@Suite(.serialized) struct ManyWritersTests {
    @Test func `eight writers at once make one database, and one, eight, one of them store everything once`()
        async throws
    {
        try await PostgresStack.with { postgres in
            for _ in 0..<8 { try postgres.startWriter() }
            try postgres.stack.startGateway()
            try await postgres.stack.joined()
            try await postgres.shared(by: 8)
            // Without the natural keys only the compare-and-set of the offsets is left.
            try await postgres.dropUniqueIndexes()
            var offered = try await postgres.stack.control.burst(postgres.stack.channels, 4_000).ids
            async let more = postgres.stack.control.burst(postgres.stack.channels, 8_000)
            for writer in postgres.all.dropFirst() { try await postgres.stopWriter(writer) }
            try await postgres.shared(by: 1)
            offered.formUnion(try await more.ids)
            async let rest = postgres.stack.control.burst(postgres.stack.channels, 8_000)
            for _ in 0..<3 { try postgres.startWriter() }
            try await postgres.shared(by: 4)
            offered.formUnion(try await rest.ids)
            try await postgres.expectStored(offered)
        }
    }

    @Test func `a killed writer's partitions are taken by the others, and nothing is lost or doubled`() async throws {
        try await PostgresStack.with { postgres in
            for _ in 0..<3 { try postgres.startWriter() }
            try postgres.stack.startGateway()
            try await postgres.stack.joined()
            try await postgres.shared(by: 3)
            try await postgres.dropUniqueIndexes()
            var offered: Set<String> = []
            for round in 0..<2 {
                async let burst = postgres.stack.control.burst(postgres.stack.channels, 5_000)
                let before = await postgres.count("SELECT count(*) FROM chat_messages")
                try await eventually("they are in the middle of it") {
                    await postgres.count("SELECT count(*) FROM chat_messages") > before
                }
                try await postgres.all[round].killNow()
                offered.formUnion(try await burst.ids)
                try await postgres.shared(by: 2 - round)
            }
            try await postgres.expectStored(offered)
        }
    }

    @Test func `a paused writer loses its partitions, and what it commits too late does not count`() async throws {
        try await PostgresStack.with { postgres in
            let paused = try postgres.startWriter()
            try postgres.startWriter()
            try postgres.stack.startGateway()
            try await postgres.stack.joined()
            try await postgres.shared(by: 2)
            try await postgres.dropUniqueIndexes()
            async let burst = postgres.stack.control.burst(postgres.stack.channels, 6_000)
            paused.send(SIGSTOP)
            var offered = try await burst.ids
            try await postgres.shared(by: 1)
            try await postgres.expectStored(offered)
            paused.send(SIGCONT)
            try await postgres.shared(by: 2)
            offered.formUnion(try await postgres.stack.control.burst(postgres.stack.channels, 2_000).ids)
            try await postgres.expectStored(offered)
        }
    }
}
