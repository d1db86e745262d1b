import Foundation
import TestSupport
import Testing

/// `deploy/prepare`, in a copy of the folder.
struct PrepareTests {
    private func inDeploy(_ body: (String) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let folder = directory + "/deploy"
            let source = MetricsPage.repository.appending(path: "deploy").path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
            for name in ["prepare", ".env.example", "config", "grafana", "prometheus"] {
                try FileManager.default.copyItem(atPath: "\(source)/\(name)", toPath: "\(folder)/\(name)")
            }
            try await body(folder)
        }
    }

    private func prepare(_ folder: String) async throws {
        let program = try RunningProgram(folder + "/prepare", in: folder)
        #expect(try await program.exitCode() == 0, "\(program.errorOutput)")
    }

    private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    @Test func `it makes the secrets, and only then what docker compose refuses to work without`() async throws {
        try await inDeploy { folder in
            let example = try text(folder + "/.env.example")
            #expect(example.contains("\nSECRETS_DIR=\n"), "whoever copies it by hand has no secrets yet")
            try await prepare(folder)
            #expect(try text(folder + "/.env") == example.replacing("SECRETS_DIR=", with: "SECRETS_DIR=./secrets"))
            let password = try text(folder + "/secrets/postgres_password")
            #expect(password.count == 48)
            #expect(
                try text(folder + "/secrets/database_url")
                    == "postgresql://collector:\(password)@postgres/chats?sslmode=disable"
            )
            let modes = try [folder + "/.env", folder + "/secrets"].map {
                try FileManager.default.attributesOfItem(atPath: $0)[.posixPermissions] as? Int
            }
            #expect(modes == [0o600, 0o700])
            try await prepare(folder)
            #expect(try text(folder + "/secrets/postgres_password") == password)
        }
    }

    @Test func `an older version's settings stay, and get what is new`() async throws {
        try await inDeploy { folder in
            // Without an end of its last line, as editors leave it.
            try "CHANNELS=mine\nLOG_LEVEL=debug".write(toFile: folder + "/.env", atomically: true, encoding: .utf8)
            try await prepare(folder)
            let lines = try text(folder + "/.env").split(separator: "\n")
            #expect(lines.prefix(2) == ["CHANNELS=mine", "LOG_LEVEL=debug"])
            let added = ["GATEWAYS=1", "WRITERS=1", "COMPOSE_PROFILES=postgres", "SECRETS_DIR=./secrets"]
            #expect(Set(added).isSubset(of: lines.map(String.init)))
            #expect(Set(lines.map { $0.prefix { $0 != "=" } }).count == lines.count, "nothing is named twice")
        }
    }
}
