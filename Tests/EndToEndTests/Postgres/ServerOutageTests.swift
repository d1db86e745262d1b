import Foundation
import TestSupport
import Testing

/// The server is not there yet, goes, comes back, or is the wrong one.
@Suite(.serialized) struct ServerOutageTests {
    @Test func `a server that crashes and comes back gets everything that was accepted meanwhile`() async throws {
        let server = try await PostgresServer()
        try await PostgresStack.with(server: server) { postgres in
            try postgres.stack.startGateway()
            try await postgres.stack.joined()
            for _ in 0..<2 { try postgres.startWriter() }
            try await postgres.shared(by: 2)
            var offered = try await postgres.stack.control.burst(postgres.stack.channels, 3_000).ids
            for _ in 0..<2 {
                async let burst = postgres.stack.control.burst(postgres.stack.channels, 5_000)
                try await server.stopImmediately()
                offered.formUnion(try await burst.ids)
                try await eventually("the writers say that they wait") {
                    postgres.all.allSatisfy { $0.errorOutput.contains("the database does not take events") }
                }
                try await server.start()
                try await postgres.shared(by: 2)
                try await postgres.expectStored(offered)
            }
        }
    }

    @Test func `a writer that starts before its server waits for it`() async throws {
        let server = try await PostgresServer()
        try await PostgresStack.with(server: server) { postgres in
            try await server.stopImmediately()
            let writer = try postgres.startWriter()
            try await eventually("it says that it waits") { writer.errorOutput.contains("cannot be opened yet") }
            try await server.start()
            try await postgres.shared(by: 1)
        }
    }

    @Test func `a database that is not there, and a pooler's address that is none, end it with one line`() async throws
    {
        try await PostgresStack.with(channels: 1) { postgres in
            let missing = try postgres.startWriter([
                "DATABASE_URL": postgres.server.uri("nowhere"), "LOG_LEVEL": "error",
            ])
            #expect(try await missing.exitCode() == 78)
            #expect(missing.errorOutput.contains("database \"nowhere\" does not exist"))
            let wrong = try postgres.startWriter(["DATABASE_URL": "postgresql://u:hunter2@x@host/db"])
            #expect(try await wrong.exitCode() == 78)
            #expect(wrong.errorOutput.contains("DATABASE_URL") && !wrong.errorOutput.contains("hunter2"))
        }
    }
}
