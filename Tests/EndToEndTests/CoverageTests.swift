import Foundation
import TestSupport
import Testing

/// What `collector coverage` says of holes that real processes left.
@Suite(.serialized) struct CoverageTests {
    /// The causes of a channel's holes so far, in order.
    private static func causes(_ stack: Stack, _ channel: String) async throws -> [[String]] {
        try await stack.coverage("--channel", channel).first?.holes.map(\.causes) ?? []
    }

    @Test func `each hole is listed with its cause`() async throws {
        try await Stack.with(channels: ["quietharbor", "loudlagoon"]) { stack in
            try await stack.control.inflict(
                "refuse-join",
                ["with": "msg_channel_suspended", "channels": ["loudlagoon"]]
            )
            try stack.startWriter()
            try stack.startGateway()
            try await stack.joined(1)
            try await eventually("there is a database") { stack.rows("collection_sessions") > 0 }
            try await eventually("the refusal is on record") {
                try await Self.causes(stack, "loudlagoon") == [["refused_suspended"]]
            }
            var expected = [["not_started"]]
            for end in ["connection_lost", "crashed", "shutdown"] {
                switch end {
                case "crashed": try await stack.gateway?.killNow()
                case "shutdown": _ = try await stack.gateway?.stop()
                default: try await stack.control.inflict("close", ["how": "reset"])
                }
                if end != "connection_lost" { try stack.startGateway() }
                expected.append([end])
                try await eventually("after \(end) it listens again") {
                    let joined = try await stack.control.joinedChannels()
                    let causes = try await Self.causes(stack, "quietharbor")
                    return joined == 1 && causes == expected
                }
            }
            let found = try await stack.coverage()
            #expect(found.map(\.channel) == ["loudlagoon", "quietharbor"])
            #expect(found.first?.share == 0 && found.last.map { $0.share > 0 } == true)
            let program = try RunningProgram(
                "collector",
                ["coverage", "--channel", "#QuietHarbor"],
                environment: stack.environment,
                in: stack.directory
            )
            #expect(try await program.exitCode() == 0)
            #expect(program.output.contains("the gateway ended without notice"), "\(program.output)")
            try await expectUnknownChannels(in: stack)
        }
    }

    /// A channel that nobody ever listened to is told as unknown, not as 0 %.
    private func expectUnknownChannels(in stack: Stack) async throws {
        let alone: [(arguments: [String], status: Int32)] = [
            (["coverage", "--channel", "nosuch"], 66), (["coverage", "--channel", "nosuch", "--json"], 66),
            (["stats", "--channel", "nosuch"], 66), (["tap", "--channel", "nosuch"], 66),
            (["coverage", "--channel", "no such"], 64), (["stats", "--channel", "no-such"], 64),
            (["tap", "--channel", "a/b"], 64), (["check", "--channel", ""], 64),
        ]
        for (arguments, status) in alone {
            let program = try stack.collector(arguments)
            #expect(try await program.exitCode() == status, "\(arguments): \(program.errorOutput)")
            #expect(program.output.isEmpty && program.errorOutput.contains(status == 66 ? "nosuch" : "--channel"))
        }
        let both = try stack.collector(["coverage", "--channel", "nosuch", "--channel", "quietharbor"])
        #expect(try await both.exitCode() == 0)
        #expect(both.output.contains("#quietharbor") && !both.output.contains("nosuch"))
        #expect(both.errorOutput.contains("nosuch"))
        let tap = try stack.collector(["tap", "--channel", "nosuch", "--channel", "quietharbor", "--count", "1"])
        try await stack.control.setRate(50)
        #expect(try await tap.exitCode() == 0)
        #expect(tap.errorOutput.contains("no gateway here reads nosuch"))
    }

    @Test func `without a database, without a server and with a wrong time it says so and ends with its own status`()
        async throws
    {
        try await Stack.with(channels: ["quietharbor"]) { stack in
            let wrong: [(arguments: [String], url: String?, status: Int32)] = [
                ([], nil, 66), ([], "postgresql://127.0.0.1:1/nowhere", 69), (["--from", "yesterday"], nil, 64),
                (["--from", "1h", "--to", "2h"], nil, 64), (["--channel", ""], nil, 64),
            ]
            for (arguments, url, expected) in wrong {
                var environment = stack.environment
                environment["DATABASE_URL"] = url ?? environment["DATABASE_URL"]
                let program = try RunningProgram(
                    "collector",
                    ["coverage"] + arguments,
                    environment: environment,
                    in: stack.directory
                )
                let status = try await program.exitCode()
                #expect(status == expected, "\(arguments): \(program.errorOutput)")
                if status != 64 { #expect(program.errorOutput.split(separator: "\n").count == 1) }
            }
        }
    }
}
