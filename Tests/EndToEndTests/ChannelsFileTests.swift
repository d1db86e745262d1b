import Foundation
import TestSupport
import Testing

/// `channels.yaml` as people write it, and what happens when they edit it.
@Suite(.serialized) struct ChannelsFileTests {
    @Test(arguments: [
        ("", ["channels.yaml", "empty"]),
        ("channels: [quiet\n", ["channels.yaml:"]),
        ("channels: quietharbor\n", ["channels.yaml:1", "must be a list"]),
        ("- quietharbor\n", ["channels.yaml:1", "'channels:' at the top"]),
        ("channel:\n  - quietharbor\n", ["channels.yaml", "'channels:' is missing"]),
        ("channels:\n  - user_login: [a]\n", ["channels.yaml:2", "user_login must be a single value"]),
        (
            "channels:\n  - user_login: quietharbor\n    enabled: perhaps\n",
            ["channels.yaml:3", "'perhaps'", "true or false"]
        ),
        ("channels:\n  - user_login: quietharbor\n    enabled: false\n", ["channels.yaml", "no enabled channel"]),
        ("channels:\n  - quiet-harbor\n", ["channels.yaml:2", "'quiet-harbor'", "not a Twitch login"]),
    ])
    func `a file that cannot be used is refused with its place`(_ text: String, _ words: [String]) async throws {
        try await withTemporaryDirectory { directory in
            try write(text, in: directory)
            for arguments in [[], ["--check-config"]] {
                let gateway = try RunningProgram(
                    "irc-gateway",
                    arguments,
                    environment: ["HTTP_PORT": "0"],
                    in: directory
                )
                let status = try await gateway.exitCode()
                #expect(status == 78)
                let said = gateway.errorOutput
                #expect(said.split(separator: "\n").count == 1, "said: \(said)")
                for word in words { #expect(said.contains(word), "said: \(said)") }
            }
        }
    }

    @Test func `slips are mended with a warning, also when the configuration is only checked`() async throws {
        try await withTemporaryDirectory { directory in
            try write(
                """
                channels:
                  - user_login: QuietHarbor
                    colour: blue
                  - user_login: "#loudlagoon"
                  - quietharbor
                wheather: fine
                """,
                in: directory
            )
            let words = [
                "'quietharbor': logins are lower-case", "a login has no '#'", "already named", "'colour'", "'wheather'",
            ]
            let check = try RunningProgram("irc-gateway", ["--check-config"], in: directory)
            let status = try await check.exitCode()
            #expect(status == 0)
            for word in words { #expect(check.errorOutput.contains(word), "said: \(check.errorOutput)") }
            let gateway = try RunningProgram(
                "irc-gateway",
                environment: ["HTTP_PORT": "0", "TWITCH_IRC_URL": "ws://127.0.0.1:1"],
                in: directory
            )
            for word in words {
                try await eventually("the gateway says \(word)") { gateway.errorOutput.contains(word) }
            }
            // Signals are heard once the services run.
            try await eventually("it runs") { gateway.errorOutput.contains("answering health") }
            let end = try await gateway.stop()
            #expect(end == 0)
        }
    }

    @Test func `an edited file takes effect, and a broken edit changes nothing`() async throws {
        try await Stack.with { stack in
            try write("channels: [quietharbor, loudlagoon]\n", in: stack.directory)
            try stack.startGateway(["CHANNELS": ""])
            try await stack.joined(2)
            try write("channels: [quietharbor, sunken_pier]\n", in: stack.directory)
            try await eventually("one channel is joined and one is left") {
                let channels = try await stack.control.statistics().channels
                return channels["sunken_pier"]?.readers == 1 && channels["loudlagoon"]?.readers == 0
            }
            try write("channels: [quietharbor, sunken_pier\n", in: stack.directory)
            let complaint = "channel list not changed"
            try await eventually("the broken edit is reported") {
                stack.gateway?.errorOutput.contains(complaint) == true
            }
            try write("channels: [quietharbor, sunken_pier, loudlagoon]\n", in: stack.directory)
            try await stack.joined(3)
            let statistics = try await stack.control.statistics()
            #expect(statistics.channels["quietharbor"]?.readers == 1)
            #expect(statistics.violationCount == 0)
            let complaints = stack.gateway?.errorOutput.split(separator: "\n").filter { $0.contains(complaint) } ?? []
            #expect(complaints.count == 1)
            #expect(complaints.first?.contains("channels.yaml:") == true)
        }
    }

    private func write(_ text: String, in directory: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: directory + "/channels.yaml"))
    }
}
