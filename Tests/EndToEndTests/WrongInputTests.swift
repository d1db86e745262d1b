import Foundation
import TestSupport
import Testing

/// Whatever is wrong in the settings is one clear line and a status that scripts can decide upon.
@Suite(.serialized) struct WrongInputTests {
    /// One mistake and what a person is told about it.
    struct Mistake: Sendable, CustomTestStringConvertible {
        var program: String
        var settings: [String: String]
        var status: Int32
        /// What the one line must hold.
        var words: [String]
        /// What nobody may read.
        var secret: String?
        var arguments: [String] = []

        var testDescription: String { "\(program) \(arguments) \(settings)" }

        init(
            _ program: String,
            _ settings: [String: String],
            _ status: Int32,
            _ words: [String],
            hiding secret: String? = nil,
            arguments: [String] = []
        ) {
            self.program = program
            self.settings = settings
            self.status = status
            self.words = words
            self.secret = secret
            self.arguments = arguments
        }
    }

    @Test(arguments: [
        Mistake("irc-gateway", ["CHANNELS": ""], 78, ["no channels to collect", "CHANNELS=", "channels.yaml"]),
        Mistake("irc-gateway", ["CHANNELS": "fine,not-a-login"], 78, ["CHANNELS", "'not-a-login'", "letters, digits"]),
        Mistake("irc-gateway", ["CHANNELS_FILE": "absent.yaml"], 78, ["absent.yaml", "CHANNELS_FILE"]),
        Mistake("irc-gateway", ["LOG_LEVEL": "loud"], 78, ["LOG_LEVEL", "'loud'", "debug"]),
        Mistake("irc-gateway", ["JOURNAL_SYNC": "bogus"], 78, ["JOURNAL_SYNC", "'bogus'", "full or normal"]),
        Mistake("irc-gateway", ["TWITCH_IRC_URL": "ws://irc.example.org"], 78, ["TWITCH_IRC_URL", "wss://"]),
        Mistake("irc-gateway", ["TWITCH_IRC_URL": "irc.example.org"], 78, ["TWITCH_IRC_URL", "expected wss://"]),
        Mistake(
            "irc-gateway",
            ["TWITCH_IRC_CA_FILE": "absent.pem", "TWITCH_IRC_URL": "wss://localhost:1"],
            78,
            ["TWITCH_IRC_CA_FILE", "absent.pem"]
        ),
        Mistake("irc-gateway", ["HTTP_PORT": "99999"], 78, ["HTTP_PORT", "'99999'", "65535"]),
        Mistake("irc-gateway", ["IRC_JOIN_LIMIT": "many"], 78, ["IRC_JOIN_LIMIT", "'many'"]),
        Mistake("irc-gateway", ["STATE_DIR": "file/state"], 73, ["STATE_DIR", "file/state"]),
        Mistake("irc-gateway", ["STATE_DIR": "file"], 73, ["STATE_DIR", "'file'"]),
        Mistake("irc-gateway", ["BUS_BIND": "tcp://0.0.0.0:7001"], 78, ["BUS_ALLOW_PLAINTEXT"]),
        Mistake("irc-gateway", [:], 78, ["absent-config.yaml"], arguments: ["--config-file", "absent-config.yaml"]),
        Mistake("irc-gateway", ["GATEWAY_REPLICAS": "3"], 78, ["GATEWAY_REPLICAS", "'3'", "from 1 to 2"]),
        Mistake("irc-gateway", ["GATEWAY_COUNT": "2"], 78, ["GATEWAY_INDEX is not", "STATE_DIR"]),
        Mistake(
            "collector",
            ["BUS_BIND": "tcp://127.0.0.1:7001"],
            78,
            ["BUS_BIND", "--gateways"],
            arguments: ["run", "--plain", "--gateways", "2"]
        ),
        Mistake("collector", [:], 64, ["--gateways", "from 1 to 16"], arguments: ["run", "--gateways", "0"]),
        Mistake("irc-gateway", [:], 64, ["--frobnicate"], arguments: ["--frobnicate"]),
        Mistake("writer", ["STATE_DIR": "file/state"], 73, ["STATE_DIR", "file/state"]),
        Mistake(
            "writer",
            ["DATABASE_URL": "mysql://root:hunter2@db/chat"],
            78,
            ["DATABASE_URL", "'mysql'", "sqlite:///"],
            hiding: "hunter2"
        ),
        Mistake(
            "writer",
            ["DATABASE_URL": "postgresql://me:hunter2@db/chat?frobnicate=1"],
            78,
            ["DATABASE_URL", "PostgreSQL connection URI"],
            hiding: "hunter2"
        ),
        Mistake("writer", ["DATABASE_URL": "hunter2"], 78, ["DATABASE_URL", "not a URL"], hiding: "hunter2"),
        Mistake("writer", ["DATABASE_URL": "sqlite:///file/chats.db"], 73, ["DATABASE_URL", "'file'"]),
        Mistake("writer", ["WRITER_BATCH_ROWS": "0"], 78, ["WRITER_BATCH_ROWS", "'0'", "100000"]),
        Mistake("writer", ["LOG_LEVEL": "loud"], 78, ["LOG_LEVEL", "'loud'"]),
        Mistake("collector", ["LOG_LEVEL": "loud"], 78, ["LOG_LEVEL", "'loud'"], arguments: ["run", "--plain"]),
        Mistake(
            "collector",
            ["STATE_DIR": "file/state"],
            73,
            ["STATE_DIR", "file/state"],
            arguments: ["run", "--plain"]
        ),
        Mistake(
            "collector",
            ["DATABASE_URL": "mysql://root:hunter2@db/chat"],
            78,
            ["DATABASE_URL", "'mysql'"],
            hiding: "hunter2",
            arguments: ["run", "--plain"]
        ),
        Mistake(
            "collector",
            ["STATE_DIR": "empty"],
            69,
            ["no service is running", "collector run"],
            arguments: ["status"]
        ),
        Mistake("collector", [:], 64, ["--type", "channel.ban"], arguments: ["tap", "--type", "ban"]),
        Mistake("collector", [:], 64, ["--count"], arguments: ["tap", "--count", "0"]),
    ])
    func `a mistake is one clear line and a status`(_ mistake: Mistake) async throws {
        try await withTemporaryDirectory { directory in
            try Data().write(to: URL(fileURLWithPath: directory + "/file"))
            let settings = [
                "CHANNELS": "quietharbor", "HTTP_PORT": "0", "STATE_DIR": "state",
                "TWITCH_IRC_URL": "ws://127.0.0.1:1", "DATABASE_URL": "sqlite:///chats.db", "LOG_LEVEL": "warning",
            ].merging(mistake.settings) { $1 }
            let program = try RunningProgram(mistake.program, mistake.arguments, environment: settings, in: directory)
            let status = try await program.exitCode()
            let said = program.errorOutput
            #expect(status == mistake.status, "said: \(said)")
            for word in mistake.words { #expect(said.contains(word), "said: \(said)") }
            // What ArgumentParser says of a wrong option ends with how the command is used.
            if mistake.status != 64 {
                #expect(said.split(separator: "\n").count == 1, "said: \(said)")
                #expect(said.hasPrefix(mistake.program))
            }
            if let secret = mistake.secret { #expect(!(said + program.output).contains(secret), "said: \(said)") }
        }
    }

    @Test(arguments: ["irc-gateway", "writer"])
    func `a port in use is one clear line`(_ service: String) async throws {
        try await withTemporaryDirectory { directory in
            let holder = try RunningProgram("twitch-simulator", ["--irc-port", "0", "--rate", "0"], in: directory)
            let process = holder
            try await eventually("something listens") { process.output.contains("\n") }
            let port = try #require(holder.output.split(separator: ":").last?.prefix { $0.isNumber })
            let program = try RunningProgram(
                service,
                environment: [
                    "CHANNELS": "quietharbor", "HTTP_PORT": String(port), "TWITCH_IRC_URL": "ws://127.0.0.1:1",
                    "LOG_LEVEL": "warning",
                ],
                in: directory
            )
            let status = try await program.exitCode()
            #expect(status == 69)
            let line = program.errorOutput.split(separator: "\n").filter { $0.hasPrefix("\(service): ") }
            #expect(line.count == 1, "said: \(program.errorOutput)")
            #expect(line.first?.contains("HTTP_PORT=\(port)") == true, "said: \(program.errorOutput)")
            let holdersStatus = try await holder.stop()
            #expect(holdersStatus == 0)
        }
    }

    @Test(arguments: ["irc-gateway", "writer"])
    func `a configuration is checked without touching anything`(_ service: String) async throws {
        try await withTemporaryDirectory { directory in
            let program = try RunningProgram(
                service,
                ["--check-config"],
                environment: ["CHANNELS": "quietharbor", "STATE_DIR": "state"],
                in: directory
            )
            let status = try await program.exitCode()
            #expect(status == 0)
            #expect(program.output == "\(service): configuration ok\n")
            #expect(program.errorOutput.isEmpty)
            #expect(!FileManager.default.fileExists(atPath: directory + "/state"))
        }
    }
}
