import Foundation
import Testing

@testable import ServiceRuntime

struct SecretFileTests {
    @Test func `a secret may be in a file of its own`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/secret"
            try Data("hunter2\n".utf8).write(to: URL(filePath: path))
            let settings = Settings(values: ["TWITCH_CLIENT_SECRET_FILE": path])
            #expect(try settings.secret("TWITCH_CLIENT_SECRET")?.reveal() == "hunter2")
            let both = Settings(values: ["TWITCH_CLIENT_SECRET": "here", "TWITCH_CLIENT_SECRET_FILE": path])
            #expect(try both.secret("TWITCH_CLIENT_SECRET")?.reveal() == "here")
        }
    }

    @Test func `the database's URL too`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/url"
            try Data("sqlite:////srv/chats.db".utf8).write(to: URL(filePath: path))
            let settings = Settings(values: ["DATABASE_URL_FILE": path])
            #expect(try settings.databaseURL().reveal() == "sqlite:////srv/chats.db")
        }
    }

    @Test func `an empty file is no secret`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/secret"
            try Data("\n".utf8).write(to: URL(filePath: path))
            #expect(try Settings(values: ["TWITCH_CLIENT_SECRET_FILE": path]).secret("TWITCH_CLIENT_SECRET") == nil)
        }
    }

    @Test func `a file that cannot be read or holds something else is named, its contents are not`() async throws {
        try await withTemporaryDirectory { directory in
            #expect(
                throws: ConfigurationError(
                    "TWITCH_CLIENT_SECRET_FILE is '\(directory)/none', which cannot be read; "
                        + "expected a file that holds the secret alone"
                )
            ) {
                try Settings(values: ["TWITCH_CLIENT_SECRET_FILE": directory + "/none"]).secret("TWITCH_CLIENT_SECRET")
            }
            let path = directory + "/secret"
            try Data([0x68, 0x75, 0xFF]).write(to: URL(filePath: path))
            #expect(throws: ConfigurationError.self) {
                try Settings(values: ["TWITCH_CLIENT_SECRET_FILE": path]).secret("TWITCH_CLIENT_SECRET")
            }
        }
    }

    @Test func `the names of such variables are known`() {
        #expect(Settings.knownVariables.isSuperset(of: ["TWITCH_CLIENT_SECRET_FILE", "DATABASE_URL_FILE"]))
    }
}
