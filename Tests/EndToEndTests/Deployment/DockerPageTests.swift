import Foundation
import TestSupport
import Testing

/// The commands that docs/docker.md tells people to type in a container.
@Suite(.serialized) struct DockerPageTests {
    /// `collector …` behind `exec <service>`, with the service, each once.
    private static func commands() throws -> [(service: String, arguments: [String])] {
        let page = try MetricsPage.file("docs/docker.md")
        let found = page.matches(of: /exec ([a-z-]+) collector ([^`#\n]+)/).map { match in
            [String(match.output.1)] + match.output.2.split(separator: " ").map(String.init)
        }
        return Set(found).sorted { $0.joined() < $1.joined() }.map { ($0[0], Array($0.dropFirst())) }
    }

    @Test func `every documented command is one, and stands where the service has what it needs`() async throws {
        let commands = try Self.commands()
        #expect(commands.count >= 4, "\(commands)")
        let compose = try MetricsPage.file("deploy/docker-compose.yml")
        try await withTemporaryDirectory { directory in
            for (service, arguments) in commands {
                #expect(compose.contains("\n  \(service):\n"), "\(service)")
                #expect(service == (arguments[0] == "auth" ? "token-service" : "writer"), "\(arguments)")
                // Nothing is there to be asked, so that it fails, but for another reason than its words.
                let program = try RunningProgram(
                    "collector",
                    arguments,
                    environment: [
                        "STATE_DIR": directory + "/state", "TWITCH_CLIENT_ID": "id",
                        "TWITCH_AUTH_URL": "http://127.0.0.1:1/oauth2", "DATABASE_URL": "sqlite:///absent.db",
                    ],
                    in: directory
                )
                let status = try await program.exitCode()
                #expect(status != 64 && !program.errorOutput.contains("Usage:"), "\(arguments): \(program.errorOutput)")
            }
        }
    }

    @Test func `the login as documented works with what token-service has in its container`() async throws {
        try await Stack.with { stack in
            // As compose has it: the secret in a file, and the state in a volume that the running service uses too.
            let secret = stack.directory + "/twitch_client_secret"
            try "simulator-secret\n".write(toFile: secret, atomically: true, encoding: .utf8)
            let container = ["TWITCH_CLIENT_ID": "simulator-client", "TWITCH_CLIENT_SECRET_FILE": secret]
            try await stack.startReadyTokenService(container)
            let login = try #require(try Self.commands().first { $0.arguments.contains("login") }?.arguments)
            try await stack.control.post("oauth/settings", ["device_interval_seconds": 1])
            let program = try stack.collector(login, container)
            let code = try await Stack.code(shownBy: program)
            try await stack.control.post("oauth/device/approve", ["user_code": code, "login": "harborlog"])
            #expect(try await program.exitCode() == 0, "\(program.errorOutput)")
            // The running service takes it over: a gateway that follows it reads under that name.
            try stack.startGateway(["TWITCH_CLIENT_ID": "simulator-client"])
            try await stack.reads(as: "harborlog")
        }
    }
}
