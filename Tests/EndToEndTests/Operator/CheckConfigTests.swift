import Foundation
import TestSupport
import Testing

/// What a start refuses, `--check-config` refuses too, with the same status, and changes nothing.
@Suite(.serialized) struct CheckConfigTests {
    struct Refused: Sendable, CustomTestStringConvertible {
        var program: String
        var settings: [String: String]
        var status: Int32
        var word: String

        var testDescription: String { "\(program) \(settings)" }

        init(_ program: String, _ settings: [String: String], _ status: Int32 = 78, _ word: String? = nil) {
            self.program = program
            self.settings = settings
            self.status = status
            self.word = word ?? settings.keys.first ?? ""
        }
    }

    private static let services = ["irc-gateway", "stream-poller", "token-service", "writer"]

    /// Every setting of every service that can be wrong in a way of its own.
    private static let refused: [Refused] =
        services.flatMap { service in
            [
                Refused(service, ["HTTP_HOST": "nowhere.invalid"]), Refused(service, ["HTTP_HOST": "[::1"]),
                Refused(service, ["HTTP_HOST": "192.0.2.1"]), Refused(service, ["HTTP_HOST": "127.0.0.1:80"]),
                Refused(service, ["HTTP_PORT": "65536"]), Refused(service, ["HTTP_PORT": "-1"]),
                Refused(service, ["STATE_DIR": "file/state"], 73), Refused(service, ["STATE_DIR": "file"], 73),
                Refused(service, ["LOG_FILE": "file/x.log"]), Refused(service, ["LOG_FILE": "none/x.log"]),
                Refused(service, ["LOG_LEVEL": "loud"]), Refused(service, ["LOG_FORMAT": "xml"]),
                Refused(service, ["LOG_FILE_SIZE": "5"]), Refused(service, ["BUS_ALLOW_PLAINTEXT": "perhaps"]),
                Refused(service, ["BUS_KEYS_DIR": "none"], 78, "none"),
            ]
        }
        + ["irc-gateway", "stream-poller", "token-service"].flatMap { service in
            [
                Refused(service, ["BUS_BIND": "tcp://nowhere"]), Refused(service, ["BUS_BIND": "udp://127.0.0.1:1"]),
                Refused(service, ["BUS_BIND": "ipc://file/x"]),
                Refused(service, ["BUS_BIND": "ipc://\(String(repeating: "x", count: 120))"]),
            ]
        }
        + ["irc-gateway", "stream-poller"].flatMap { service in
            [
                Refused(service, ["BUS_BIND": "tcp://192.0.2.1:7001", "BUS_ALLOW_PLAINTEXT": "1"], 78, "BUS_BIND"),
                Refused(
                    service,
                    ["BUS_BIND": "tcp://nowhere.invalid:7001", "BUS_ALLOW_PLAINTEXT": "1"],
                    78,
                    "BUS_BIND"
                ),
                Refused(service, ["TOKEN_SERVICE_BUS": "tcp://10.0.0.1:7001"], 78, "tcp://10.0.0.1:7001"),
                Refused(service, ["TOKEN_SERVICE_BUS": "nonsense"], 78, "nonsense"),
                Refused(service, ["JOURNAL_SYNC": "bogus"]), Refused(service, ["JOURNAL_SEGMENT_SIZE": "1"]),
                Refused(service, ["JOURNAL_SIZE_LIMIT": "1"]), Refused(service, ["JOURNAL_KEEP": "soon"]),
                Refused(service, ["CHANNELS": "not-a-login"]), Refused(service, ["CHANNELS_FILE": "none.yaml"]),
            ]
        }
        + [
            Refused("irc-gateway", ["STREAM_POLLER_BUS": "nonsense"], 78, "nonsense"),
            Refused("irc-gateway", ["TWITCH_IRC_URL": "ws://irc.example.org"]),
            Refused(
                "irc-gateway",
                ["TWITCH_IRC_CA_FILE": "none.pem", "TWITCH_IRC_URL": "wss://localhost:1"],
                78,
                "none.pem"
            ),
            Refused("irc-gateway", ["BACKFILL_URL": "ftp://x"]), Refused("irc-gateway", ["IRC_JOIN_LIMIT": "0"]),
            Refused("irc-gateway", ["IRC_CONNECT_INTERVAL": "soon"]),
            Refused("irc-gateway", ["IRC_CHANNELS_PER_CONNECTION": "101"]),
            Refused("irc-gateway", ["GATEWAY_REPLICAS": "3"]),
            Refused("irc-gateway", ["GATEWAY_INDEX": "1"]),
            Refused("stream-poller", ["STREAM_POLL_INTERVAL": "1ms"]),
            Refused("stream-poller", ["STREAM_OFFLINE_POLLS": "0"]),
            Refused("stream-poller", ["TWITCH_API_URL": "ftp://x"]),
            Refused("token-service", ["TWITCH_AUTH_URL": "ftp://x"]),
            Refused("token-service", ["TOKEN_VALIDATE_INTERVAL": "2h"]),
            Refused("token-service", ["BUS_BIND": "tcp://127.0.0.1:7009"], 78, "tokens never travel unencrypted"),
            Refused("token-service", ["IRC_GATEWAY_BUS": "nonsense"], 78, "nonsense"),
            Refused("token-service", ["TWITCH_CLIENT_SECRET_FILE": "none", "TWITCH_CLIENT_ID": "x"], 78, "none"),
            Refused("writer", ["DATABASE_URL": "mysql://x"]),
            Refused("writer", ["DATABASE_URL": "sqlite:///file/x.db"], 73),
            Refused("writer", ["RETENTION_DAYS": "30"]), Refused("writer", ["WRITER_BATCH_ROWS": "0"]),
            Refused("writer", ["WRITER_BATCH_MS": "0"]), Refused("writer", ["WRITER_BATCH_BYTES": "big"]),
            Refused("writer", ["IRC_GATEWAY_BUS": "nonsense"], 78, "nonsense"),
            Refused("writer", ["STREAM_POLLER_BUS": "nonsense"], 78, "nonsense"),
        ]

    @Test(arguments: refused)
    func `a check refuses what a start refuses, and makes nothing`(_ refused: Refused) async throws {
        try await withTemporaryDirectory { directory in
            try Data().write(to: URL(fileURLWithPath: directory + "/file"))
            let settings = [
                "CHANNELS": "quietharbor", "HTTP_PORT": "0", "STATE_DIR": "state", "TWITCH_IRC_URL": "ws://127.0.0.1:1",
                "DATABASE_URL": "sqlite:///chats.db", "LOG_LEVEL": "error",
            ].merging(refused.settings) { $1 }
            let check = try RunningProgram(refused.program, ["--check-config"], environment: settings, in: directory)
            let checked = try await check.exitCode()
            let made = try FileManager.default.contentsOfDirectory(atPath: directory)
                .filter { !$0.hasPrefix(refused.program) }
            #expect(made == ["file"], "the check made \(made)")
            let start = try RunningProgram(refused.program, environment: settings, in: directory)
            let started = try await start.exitCode()
            for said in [check.errorOutput, start.errorOutput] {
                let lines = said.split(separator: "\n").filter { $0.hasPrefix("\(refused.program): ") }
                #expect(lines.count == 1 && lines[0].contains(refused.word), "said: \(said)")
            }
            #expect(
                checked == refused.status && started == refused.status,
                "\(checked) \(started): \(start.errorOutput)"
            )
        }
    }

    @Test(arguments: services)
    func `what runs may be checked while it runs, and another's port may not be taken`(_ service: String) async throws {
        try await withTemporaryDirectory { directory in
            let port = try FreePort.any()
            let settings = [
                "CHANNELS": "quietharbor", "HTTP_HOST": "[::1]", "HTTP_PORT": "\(port)", "STATE_DIR": "state",
                "TWITCH_IRC_URL": "ws://127.0.0.1:1", "DATABASE_URL": "sqlite:///chats.db",
            ]
            let running = try RunningProgram(service, environment: settings, in: directory)
            try await eventually("it runs: \(running.errorOutput)") { running.errorOutput.contains("answering health") }
            #expect(running.errorOutput.contains("[::1]:\(port)"))
            let own = try RunningProgram(service, ["--check-config"], environment: settings, in: directory)
            #expect(try await own.exitCode() == 0, "\(own.errorOutput)")
            let other = try RunningProgram(
                service,
                ["--check-config"],
                environment: settings.merging(["STATE_DIR": "other"]) { $1 },
                in: directory
            )
            #expect(try await other.exitCode() == 69)
            #expect(other.errorOutput.contains("HTTP_PORT=\(port)"))
            #expect(try await running.stop() == 0)
        }
    }
}
