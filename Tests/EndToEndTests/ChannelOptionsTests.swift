import Foundation
import TestSupport
import Testing

/// `--channel` and `--channels-file` of everything that collects.
@Suite(.serialized) struct ChannelOptionsTests {
    @Test func `collector run collects what the command line names, and the second terminal knows it`() async throws {
        try await Stack.with { stack in
            var environment = stack.environment
            environment["CHANNELS"] = "somebody_else"
            try "channels: [nobody]".write(
                toFile: stack.directory + "/channels.yaml",
                atomically: true,
                encoding: .utf8
            )
            try "channels: [sunken_pier]".write(
                toFile: stack.directory + "/more.yaml",
                atomically: true,
                encoding: .utf8
            )
            let run = try RunningProgram(
                "collector",
                [
                    "run", "--plain", "--channel", "https://twitch.tv/QuietHarbor", "--channel", "#loudlagoon",
                    "--channels-file", "more.yaml",
                ],
                environment: environment,
                in: stack.directory
            )
            try await stack.joined(3)
            try await stack.expectStored(try await stack.control.burst(stack.channels, 300).ids)
            let joined = try await stack.control.statistics().channels
            #expect(joined["somebody_else"] == nil && joined["nobody"] == nil)

            // Only the state directory is told: database and channels are those of what runs.
            let coverage = try await said(["coverage"], stack)
            #expect(coverage.status == 0 && coverage.output.contains("sunken_pier"), "\(coverage)")
            #expect(coverage.errors.contains("the archive of the services that run here, \(stack.database)"))
            let doctor = try await said(["doctor", "--json"], stack)
            #expect(doctor.output.contains("3 from CHANNELS and \(stack.directory)/more.yaml"), "\(doctor)")
            run.send(SIGTERM)
            #expect(try await run.exitCode() == 0)
        }
    }

    @Test func `a daemon keeps the channels of its command line over a restart`() async throws {
        try await Stack.with { stack in
            var environment = stack.environment
            environment["CHANNELS"] = nil
            let start = try RunningProgram(
                "collector",
                ["start", "--channel", "quietharbor", "--channel", "loudlagoon", "--wait", "60"],
                environment: environment,
                in: stack.directory
            )
            #expect(try await start.exitCode() == 0, "\(start.errorOutput)")
            try await stack.joined(2)
            // In another terminal, without any setting but where it is.
            let restart = try await said(["restart", "irc-gateway", "--wait", "60"], stack)
            #expect(restart.status == 0, "\(restart)")
            try await stack.joined(2)
            try await stack.expectStored(try await stack.control.burst(["quietharbor", "loudlagoon"], 100).ids)
            let stop = try await said(["stop"], stack)
            #expect(stop.status == 0, "\(stop)")
        }
    }

    @Test(arguments: [
        (["run", "--channel", "two words"], Int32(64), "--channel"), (["start", "--channel", ""], 64, "--channel"),
        (["run", "--channels-file", "absent.yaml"], 78, "absent.yaml"),
        (["start", "--channels-file", "absent.yaml"], 78, "absent.yaml"),
        (["run", "--demo", "--channel", "shroud"], 64, "--demo"),
    ])
    func `what names no channel is one line`(arguments: [String], status: Int32, words: String) async throws {
        try await withTemporaryDirectory { directory in
            let program = try RunningProgram("collector", arguments, in: directory)
            #expect(try await program.exitCode() == status)
            #expect(program.errorOutput.contains(words))
            #expect(program.errorOutput.split(separator: "\n").count == 1, "\(program.errorOutput)")
        }
    }

    @Test(arguments: ["irc-gateway", "stream-poller"]) func `each service that reads channels takes them`(
        service: String
    ) async throws {
        try await withTemporaryDirectory { directory in
            let wrong = try RunningProgram(service, ["--check-config", "--channel", "no login"], in: directory)
            #expect(try await wrong.exitCode() == 64)
            #expect(wrong.errorOutput.hasPrefix("\(service): --channel is 'no login'"), "\(wrong.errorOutput)")
            #expect(wrong.errorOutput.split(separator: "\n").count == 1)
            let right = try RunningProgram(
                service,
                ["--check-config", "--channel", "Shroud", "--channel", "37402112"],
                environment: ["TWITCH_CLIENT_ID": "id"],
                in: directory
            )
            #expect(try await right.exitCode() == 0, "\(right.errorOutput)")
        }
    }

    /// A command that is told nothing but the state directory.
    private func said(
        _ arguments: [String],
        _ stack: Stack
    ) async throws -> (status: Int32, output: String, errors: String) {
        let program = try RunningProgram(
            "collector",
            arguments,
            environment: ["STATE_DIR": stack.directory + "/state"],
            in: stack.directory
        )
        let status = try await program.exitCode()
        return (status, program.output, program.errorOutput)
    }
}
