import Foundation
import TestSupport
import Testing

/// Services that cannot all hear each other, and one database. A machine is a `STATE_DIR` of its own.
@Suite(.serialized) struct TwoMachinesTests {
    private func state(_ machine: String, _ postgres: PostgresStack) -> [String: String] {
        ["STATE_DIR": "\(postgres.stack.directory)/\(machine)"]
    }

    private func isReady(_ program: RunningProgram, on machine: String, _ postgres: PostgresStack) async -> Bool {
        await Readiness.of(program, stateDirectory: "\(postgres.stack.directory)/\(machine)")?.status == 200
    }

    @Test func `two machines with a gateway and a writer each store all chat of both`() async throws {
        try await PostgresStack.with { postgres in
            let channels = postgres.stack.channels
            let halves = ["a": channels.prefix(12), "b": channels.dropFirst(12)]
            var writers: [String: RunningProgram] = [:]
            for (machine, own) in halves {
                writers[machine] = try postgres.startWriter(state(machine, postgres))
                try postgres.stack.startGateway(
                    "irc-gateway-\(machine)",
                    state(machine, postgres).merging(["CHANNELS": own.joined(separator: ",")]) { $1 }
                )
            }
            try await postgres.stack.joined()
            try await postgres.shared(by: 2)
            let offered = try await postgres.stack.control.burst(channels, 4_000).ids
            try await postgres.expectStored(offered)
            for (machine, writer) in writers {
                try await eventually("the writer of \(machine) is ready: \(writer.errorOutput.suffix(600))") {
                    await isReady(writer, on: machine, postgres)
                }
            }
        }
    }

    @Test func `two machines that read the same channels store each message once`() async throws {
        try await PostgresStack.with { postgres in
            let channels = postgres.stack.channels
            for machine in ["a", "b"] {
                try postgres.startWriter(state(machine, postgres))
                try postgres.stack.startGateway("irc-gateway-\(machine)", state(machine, postgres))
            }
            try await eventually("both have joined") {
                let statistics = try await postgres.stack.control.statistics()
                return channels.allSatisfy { statistics.channels[$0]?.readers == 2 }
            }
            try await postgres.shared(by: 2)
            let offered = try await postgres.stack.control.burst(channels, 4_000).ids
            try await postgres.expectStored(offered)
            try await eventually("both journals are stored to their ends") {
                await postgres.count("SELECT count(DISTINCT producer) FROM bus_offsets") == 2
            }
        }
    }

    @Test func `a writer that hears nobody keeps nobody from anything, and says so`() async throws {
        try await PostgresStack.with { postgres in
            let wrong = "ipc://\(postgres.stack.directory)/nobody/irc-gateway-*"
            let deaf = try postgres.startWriter([
                "IRC_GATEWAY_BUS": wrong,
                "STREAM_POLLER_BUS": "ipc://\(postgres.stack.directory)/nobody/stream-poller-*",
            ])
            try postgres.startWriter()
            try postgres.stack.startGateway()
            try await postgres.stack.joined()
            try await postgres.shared(by: 2)
            let offered = try await postgres.stack.control.burst(postgres.stack.channels, 3_000).ids
            try await postgres.expectStored(offered)
            let readiness = await Readiness.of(deaf, stateDirectory: "\(postgres.stack.directory)/state")
            #expect(readiness?.status == 503)
            #expect(readiness?.body.contains("no producer") == true, "\(readiness?.body ?? "")")
            #expect(readiness?.body.contains("other writers hear") == true, "\(readiness?.body ?? "")")
        }
    }

    @Test func `a producer that no writer hears is named, with what waits`() async throws {
        try await PostgresStack.with { postgres in
            let first = try postgres.startWriter()
            try postgres.stack.startGateway()
            try await postgres.stack.joined()
            let offered = try await postgres.stack.control.burst(postgres.stack.channels, 500).ids
            try await postgres.expectStored(offered)
            try await eventually("the writer has noted it") {
                await postgres.count("SELECT count(*) FROM bus_producers") == 1
            }
            try await postgres.stopWriter(first)
            // What a writer had heard of before it was stored anywhere.
            _ = try await postgres.query("UPDATE bus_offsets SET \"offset\" = \"offset\" - 1 WHERE partition < 8")
            _ = try await postgres.query(
                "UPDATE bus_producers SET heads = (SELECT string_agg(partition || '=' || (\"offset\" >> 32) || '-' || "
                    + "((\"offset\" & 4294967295) + 1), ' ') FROM bus_offsets WHERE partition < 8)"
            )
            let deaf = try postgres.startWriter([
                "IRC_GATEWAY_BUS": "ipc://\(postgres.stack.directory)/nobody/irc-gateway-*"
            ])
            try await eventually("it says who is not heard: \(deaf.errorOutput.suffix(800))", within: .seconds(60)) {
                let readiness = await Readiness.of(deaf, stateDirectory: "\(postgres.stack.directory)/state")
                return readiness?.body.contains("no writer hears irc-gateway") == true
                    && readiness?.body.contains("events wait") == true
            }
            #expect(deaf.errorOutput.contains("no writer hears a producer"))
        }
    }
}
