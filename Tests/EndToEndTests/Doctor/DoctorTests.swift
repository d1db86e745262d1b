import Foundation
import GRDB
import NIOCore
import NIOPosix
import TestSupport
import Testing

/// `collector doctor` against real services and the simulator: one thing broken after another, each named.
@Suite(.serialized) struct DoctorTests {
    /// One thing that is broken by settings alone.
    struct Trouble: Sendable, CustomTestStringConvertible {
        var check: String
        var status: Int32
        var settings: [String: String]
        /// What the line or its advice must hold.
        var words: [String]
        /// What nobody may read.
        var secret = "hunter2"

        var testDescription: String { "\(check) \(settings)" }
    }

    @Test func `all is well where everything runs`() async throws {
        try await Stack.with { stack in
            try await stack.logIn()
            try await stack.startReadyTokenService()
            try stack.startPoller(Stack.application)
            try stack.startWriter()
            try stack.startGateway(Stack.application)
            try await stack.joined()
            var last: DoctorReport?
            try await eventually("all is well; \(String(describing: last))") {
                let report = try await stack.doctor(Stack.application)
                last = report
                return report.status == 0
            }
            let report = try #require(last)
            #expect(report.checks.filter { $0.outcome == "skipped" }.map(\.check) == ["keys"])
            #expect(report["chat login"]?.text == "as harborlog")
            #expect(report["token"]?.text.contains("chat:read") == true)
            for service in ["writer", "irc-gateway", "stream-poller", "token-service"] {
                #expect(report[service]?.text == "answers and is ready")
            }
            let text = try stack.collector(["doctor"])
            #expect(try await text.exitCode() == 0)
            #expect(text.output.contains("✓ chat login") && text.output.contains("– keys"))
            #expect(text.output.hasSuffix("All is well.\n"))
        }
    }

    @Test func `before the first start nothing is made, and that is fine`() async throws {
        try await Stack.with { stack in
            let report = try await stack.doctor()
            #expect(report.status == 0, "\(report)")
            #expect(report["writer"]?.outcome == "skipped" && report["Helix"]?.outcome == "skipped")
            #expect(!FileManager.default.fileExists(atPath: stack.state))
        }
    }

    @Test(arguments: [
        Trouble(check: "channels", status: 78, settings: ["CHANNELS": "not-a-login"], words: ["'not-a-login'"]),
        Trouble(
            check: "settings of writer",
            status: 78,
            settings: ["DATABASE_URL": "mysql://root:hunter2@db/chat"],
            words: ["DATABASE_URL", "'mysql'"]
        ),
        Trouble(check: "directories", status: 73, settings: ["STATE_DIR": "file/state"], words: ["file/state"]),
        Trouble(
            check: "name nowhere.invalid",
            status: 69,
            settings: ["TWITCH_IRC_URL": "wss://nowhere.invalid"],
            words: ["cannot be resolved", "name server"]
        ),
        Trouble(
            check: "chat server",
            status: 69,
            settings: ["TWITCH_IRC_URL": "ws://127.0.0.1:1"],
            words: ["connection refused", "TWITCH_IRC_URL"]
        ),
        Trouble(
            check: "database",
            status: 69,
            settings: ["DATABASE_URL": "postgresql://me:hunter2@127.0.0.1:1/chats"],
            words: ["127.0.0.1:1/chats", "DATABASE_URL"]
        ),
        Trouble(check: "database", status: 65, settings: ["DATABASE_URL": "sqlite:///file"], words: ["file"]),
        Trouble(
            check: "keys",
            status: 78,
            settings: ["BUS_KEYS_DIR": "nowhere"],
            words: ["nowhere", "collector keys generate"]
        ),
    ])
    func `what settings break is named`(_ trouble: Trouble) async throws {
        try await Stack.with { stack in
            let path = stack.directory + "/file"
            try Data("this is no database, and no directory".utf8).write(to: URL(fileURLWithPath: path))
            let report = try await stack.doctor(trouble.settings)
            let row = try #require(report[trouble.check])
            #expect(row.outcome == "wrong", "\(report)")
            for word in trouble.words { #expect((row.text + (row.advice ?? "")).contains(word), "\(row)") }
            #expect(!"\(report)".contains(trouble.secret))
            #expect(report.wrong == [trouble.check], "one cause is reported once: \(report)")
            #expect(report.status == trouble.status)
        }
    }

    @Test func `TLS that is refused or not trusted is named`() async throws {
        try await withTemporaryDirectory { directory in
            let certificate = directory + "/certificate.pem"
            let key = directory + "/key.pem"
            try LocalCertificate.certificate.write(toFile: certificate, atomically: true, encoding: .utf8)
            try LocalCertificate.privateKey.write(toFile: key, atomically: true, encoding: .utf8)
            let arguments = ["--tls-certificate", certificate, "--tls-key", key]
            try await Stack.with(simulator: arguments) { stack in
                let refused = try await stack.doctor()
                #expect(refused.wrong == ["chat server"] && refused.status == 69, "\(refused)")
                #expect(refused["chat server"]?.text.contains("not trusted") == true)
                #expect(refused["chat login"]?.outcome == "skipped")

                let trusted = try await stack.doctor(["TWITCH_IRC_CA_FILE": certificate])
                #expect(trusted.status == 0, "\(trusted)")
                #expect(trusted["chat server"]?.text.contains("certificate is good") == true)

                let plain = stack.environment["TWITCH_API_URL"]?.replacing("http://", with: "https://")
                let url = try #require(plain)
                let http = try await stack.doctor(["TWITCH_IRC_CA_FILE": certificate, "TWITCH_API_URL": url])
                #expect(http.wrong == ["API server"], "\(http)")
                #expect(http["API server"]?.text.contains("does not speak TLS") == true)
                #expect(http["clock"]?.outcome == "skipped")
            }
        }
    }

    @Test func `a token that was revoked is named, and so is a server that refuses`() async throws {
        try await Stack.with { stack in
            try await stack.logIn()
            let fine = try await stack.doctor(Stack.application)
            #expect(fine.status == 0 && fine["chat login"]?.text == "as harborlog", "\(fine)")

            try await stack.control.post("faults/helix", ["status": 503, "count": 1])
            let helix = try await stack.doctor(Stack.application)
            #expect(helix.wrong == ["Helix"] && helix.status == 75, "\(helix)")
            #expect(helix["channel names"]?.outcome == "skipped")

            try await stack.control.inflict("refuse-login", ["notice": "Login unsuccessful", "count": 1])
            let login = try await stack.doctor(Stack.application)
            #expect(login.wrong == ["chat login"] && login.status == 69, "\(login)")
            #expect(login["chat login"]?.text.contains("Login unsuccessful") == true)

            try await stack.control.inflict("refuse-login", ["notice": "Login authentication failed", "count": 1])
            let account = try await stack.doctor(Stack.application)
            #expect(account.wrong == ["chat login"] && account.status == 77, "\(account)")
            #expect(account["chat login"]?.advice == "log in again with: collector auth login")

            try await stack.control.post("users/suspend", ["login": "loudlagoon"])
            let names = try await stack.doctor(Stack.application)
            #expect(names.wrong == ["channel names"] && names.status == 78, "\(names)")
            #expect(names["channel names"]?.text == "Twitch does not know loudlagoon")
            try await stack.control.post("users/restore", ["login": "loudlagoon"])

            try await stack.control.post("oauth/revoke", ["login": "harborlog"])
            let revoked = try await stack.doctor(Stack.application)
            #expect(revoked.wrong == ["token"] && revoked.status == 77, "\(revoked)")
            #expect(revoked["token"]?.advice == "log in again with: collector auth login")
            #expect(revoked["Helix"]?.outcome == "skipped")
            #expect(revoked["chat login"]?.text.hasPrefix("anonymously") == true)
        }
    }

    @Test func `a token of the predecessor's that is worth nothing is named, and not shown`() async throws {
        try await Stack.with { stack in
            let worthless = Stack.application.merging(["TWITCH_ACCESS_TOKEN": "oauth:hunter2hunter2"]) { $1 }
            let report = try await stack.doctor(worthless)
            #expect(report.wrong == ["token"] && report.status == 77, "\(report)")
            #expect(!"\(report)".contains("hunter2"))

            let refused = ["TWITCH_CLIENT_ID": "simulator-client", "TWITCH_CLIENT_SECRET": "hunter2"]
            let application = try await stack.doctor(refused)
            #expect(application.wrong == ["token"] && application.status == 78, "\(application)")
            #expect(application["token"]?.text.contains("TWITCH_CLIENT_SECRET") == true)
            #expect(!"\(application)".contains("hunter2"))
        }
    }

    @Test func `a network that swallows everything does not hold it up`() async throws {
        // Connections are accepted and never answered.
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        try await Stack.with { stack in
            let begin = ContinuousClock.now
            let report = try await stack.doctor([
                "TWITCH_IRC_URL": "ws://127.0.0.1:\(port)", "TWITCH_API_URL": "http://127.0.0.1:\(port)/helix",
                "TWITCH_AUTH_URL": "http://127.0.0.1:\(port)/oauth2",
                "DATABASE_URL": "postgresql://me:hunter2@127.0.0.1:\(port)/chats",
            ])
            #expect(ContinuousClock.now - begin < .seconds(30))
            #expect(report.wrong == ["chat server", "API server", "login server", "database"], "\(report)")
            #expect(report.status == 69)
        }
        try await server.close()
    }

    @Test func `an archive of a newer version is named`() async throws {
        try await Stack.with { stack in
            let queue = try DatabaseQueue(path: stack.database)
            try await queue.write { database in
                try database.execute(
                    sql: """
                        CREATE TABLE schema_migrations (name VARCHAR(100) PRIMARY KEY, applied_at DATETIME NOT NULL);
                        INSERT INTO schema_migrations VALUES ('9999-tomorrow', '2030-01-01 00:00:00.000000')
                        """
                )
            }
            try queue.close()
            let report = try await stack.doctor()
            #expect(report.wrong == ["database"] && report.status == 65, "\(report)")
            #expect(report["database"]?.text.contains("9999-tomorrow") == true)
        }
    }

    @Test func `a service that is silent on the bus is named`() async throws {
        try await Stack.with { stack in
            try stack.startWriter()
            try stack.startGateway()
            try await stack.joined()
            try await eventually("all is well") { try await stack.doctor().status == 0 }
            stack.gateway?.send(SIGSTOP)
            let silent = try await stack.doctor()
            #expect(silent.wrong == ["irc-gateway"] && silent.status == 69, "\(silent)")
            #expect(silent["irc-gateway"]?.text.contains("bus endpoint is silent") == true)
            stack.gateway?.send(SIGCONT)
            try await stack.gateway?.stop()
            let missing = try await stack.doctor()
            #expect(missing.wrong == ["irc-gateway"], "\(missing)")
            #expect(missing["irc-gateway"]?.advice == "start it with: collector start irc-gateway")
        }
    }
}
