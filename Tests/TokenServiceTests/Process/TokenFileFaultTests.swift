import EventBus
import Foundation
import Protocol
import ServiceRuntime
import TestSupport
import Testing
import TokenStore

/// What a person may do to the files, seen from outside.
@Suite(.serialized) struct TokenFileFaultTests {
    @Test func `a file of a newer version and a cut off one are told, and a login is noticed`() async throws {
        try await ServiceStage.with { stage in
            try Data(#"{"format":9,"tokens":{}}"#.utf8).write(to: URL(fileURLWithPath: stage.file.path))
            let service = try stage.start()
            try await eventually("told: \(service.errorOutput)") {
                await stage.readiness(service)?.body.contains("has format 9") == true
            }
            try Data(#"{"format":1,"tok"#.utf8).write(to: URL(fileURLWithPath: stage.file.path))
            try await eventually("told: \(service.errorOutput)") {
                await stage.readiness(service)?.body.contains("damaged or cut off") == true
            }
            try FileManager.default.removeItem(atPath: stage.file.path)
            let pair = try await stage.logIn()
            try await stage.following { follower in
                try await eventually("offered") { follower.current("user")?.accessToken == pair.accessToken }
            }
            #expect(await stage.readiness(service)?.status == 200)
        }
    }

    @Test func `a token file that is removed, or its lock, is put back, and a logout is one`() async throws {
        try await ServiceStage.with { stage in
            let pair = try await stage.logIn()
            let service = try stage.start()
            try await stage.following { follower in
                try await eventually("offered: \(service.errorOutput)") { follower.current("user") != nil }
                let before = try #require(try stage.file.read()).seen
                for path in [stage.file.path, stage.file.path + ".lock"] {
                    try FileManager.default.removeItem(atPath: path)
                }
                try await eventually("put back: \(service.errorOutput)") {
                    try stage.file.read()?.user?.accessToken.reveal() == pair.accessToken
                }
                let after = try #require(try stage.file.read()).seen
                #expect(after == before)
                try await eventually("told: \(service.errorOutput)") { service.errorOutput.contains("is put back") }
                #expect(follower.current("user")?.accessToken == pair.accessToken)
                #expect(await stage.readiness(service)?.status == 200)
                try stage.file.update { $0.logOut() }
                try await eventually("logged out") { follower.current("user") == nil }
            }
            #expect(try stage.file.read()?.user == nil)
        }
    }

    @Test func `the lock of the one refresher is taken again, and without it the service is not ready`() async throws {
        try await ServiceStage.with { stage in
            _ = try await stage.logIn()
            let service = try stage.start()
            let path = stage.state + "/token-service.lock"
            try await eventually("ready: \(service.errorOutput)") { await stage.readiness(service)?.status == 200 }
            try FileManager.default.removeItem(atPath: path)
            try await eventually("locked again: \(service.errorOutput)") {
                service.errorOutput.contains("is held again") && FileManager.default.fileExists(atPath: path)
            }
            // Another process is faster this time.
            var other: FileLock?
            try await eventually("the lock is ours") {
                try? FileManager.default.removeItem(atPath: path)
                other = try FileLock.take(path)
                return other != nil
            }
            try await eventually("not ready: \(service.errorOutput)") {
                await stage.readiness(service)?.body.contains("another token-service has locked it") == true
            }
            withExtendedLifetime(other) {}
            other = nil
            try await eventually("mended: \(service.errorOutput)") { await stage.readiness(service)?.status == 200 }
        }
    }

    @Test(
        arguments: [
            ["set": ["expires_in": "0"]], ["set": ["expires_in": "null"]], ["remove": ["expires_in"]],
            ["set": ["expires_in": "-1"]], ["set": ["expires_in": "9223372036854775807"]],
            ["set": ["expires_in": "\"x\"", "scopes": "7", "user_id": "[]"]],
        ] as [[String: any Sendable]]
    )
    func `whatever is told of a token's life, it is offered and not renewed`(strange: [String: any Sendable])
        async throws
    {
        try await ServiceStage.with { stage in
            try await stage.twitch.fail(strange.merging(["endpoint": "validate", "count": 1000]) { $1 })
            let first = try await stage.logIn()
            let service = try stage.start(client: "conf")
            try await stage.following { follower in
                try await eventually("offered: \(service.errorOutput)") {
                    follower.current("user")?.accessToken == first.accessToken
                }
                // By the time that another login is offered too, a storm would long be there.
                let second = try await stage.logIn(client: "conf")
                try await eventually("the second one: \(service.errorOutput)") {
                    follower.current("user")?.accessToken == second.accessToken
                }
            }
            #expect(try await stage.twitch.refreshes().isEmpty)
            let asked = try await stage.twitch.audit().count { $0.endpoint == "token" }
            #expect(asked == 1)
            #expect(try await service.stop() == 0)
            // What is stored does not trap at the next start.
            let again = try stage.start(client: "conf")
            try await eventually("ready again: \(again.errorOutput)") { await stage.readiness(again)?.status == 200 }
        }
    }

    @Test func `no core dump is left of it`() async throws {
        try await ServiceStage.with { stage in
            let service = try stage.start()
            try await eventually("runs") { await stage.readiness(service) != nil }
            let limits = try String(contentsOfFile: "/proc/\(service.pid)/limits", encoding: .utf8)
            let line = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") })
            #expect(line.split(separator: " ").suffix(3) == ["0", "0", "bytes"])
        }
    }

    @Test func `a file that others can read is made private with a warning`() async throws {
        try await ServiceStage.with { stage in
            _ = try await stage.logIn()
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: stage.file.path)
            let service = try stage.start()
            try await eventually("warned") { service.errorOutput.contains("is private again") }
            let mode = try FileManager.default.attributesOfItem(atPath: stage.file.path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test func `a second token service is refused with status 69`() async throws {
        try await ServiceStage.with { stage in
            let first = try stage.start()
            try await eventually("runs") { await stage.readiness(first) != nil }
            let second = try stage.start()
            #expect(try await second.exitCode() == 69)
            #expect(second.errorOutput.contains("another token-service keeps the tokens in STATE_DIR="))
            #expect(first.isRunning)
        }
    }

    @Test func `tokens of an .env are imported once, and a stale .env overrides nothing`() async throws {
        try await ServiceStage.with { stage in
            let pair = try await stage.twitch.grant(client: "pub")
            let environment = stage.directory + "/.env"
            func write(_ pair: TwitchStage.Pair) throws {
                let text =
                    "# mine\nTWITCH_ACCESS_TOKEN='oauth:\(pair.accessToken)'\nTWITCH_REFRESH_TOKEN=\(pair.refreshToken ?? "")\nX=1\n"
                try Data(text.utf8).write(to: URL(fileURLWithPath: environment))
            }
            try write(pair)
            let first = try stage.start()
            try await eventually("imported: \(first.errorOutput)") {
                try stage.file.read()?.user?.validatedAt != nil
            }
            #expect(try stage.file.read()?.user?.accessToken.reveal() == pair.accessToken)
            #expect(try stage.file.read()?.user?.login == "harborlog")
            _ = try await first.stop()
            let login = try await stage.logIn()
            let second = try stage.start()
            try await stage.following { follower in
                try await eventually("the login stays: \(second.errorOutput)") {
                    follower.current("user")?.accessToken == login.accessToken
                }
            }
            _ = try await second.stop()
            let fresh = try await stage.twitch.grant(client: "pub")
            try write(fresh)
            let third = try stage.start()
            try await stage.following { follower in
                try await eventually("a new pair in .env is taken: \(third.errorOutput)") {
                    follower.current("user")?.accessToken == fresh.accessToken
                }
            }
        }
    }

    @Test func `with TOKEN_WRITE_ENV renewed tokens go back into the .env`() async throws {
        try await ServiceStage.with { stage in
            let pair = try await stage.twitch.grant(client: "pub")
            let environment = stage.directory + "/.env"
            try Data(
                "# mine\nTWITCH_ACCESS_TOKEN='\(pair.accessToken)' # token\nTWITCH_REFRESH_TOKEN=\"\(pair.refreshToken ?? "")\"\nX=1\n"
                    .utf8
            ).write(to: URL(fileURLWithPath: environment))
            try await stage.twitch.expire(pair)
            let service = try stage.start(client: "pub", ["TOKEN_WRITE_ENV": "1"])
            try await eventually("written back: \(service.errorOutput)") {
                guard let user = try stage.file.read()?.user, let refresh = user.refreshToken else { return false }
                let text = try String(contentsOfFile: environment, encoding: .utf8)
                return user.accessToken.reveal() != pair.accessToken
                    && text == "# mine\nTWITCH_ACCESS_TOKEN='\(user.accessToken.reveal())' # token\n"
                        + "TWITCH_REFRESH_TOKEN=\"\(refresh.reveal())\"\nX=1\n"
            }
            _ = try await service.stop()
            let again = try stage.start(client: "pub", ["TOKEN_WRITE_ENV": "1"])
            try await eventually("runs") { await stage.readiness(again)?.status == 200 }
            #expect(!again.errorOutput.contains("imported"))
        }
    }

    @Test(arguments: [
        (["TWITCH_AUTH_URL": "http://id.twitch.tv/oauth2"], "http:// is for this machine only"),
        (["TWITCH_AUTH_URL": "https://me:pw@id.twitch.tv"], "a user name or password does not belong into it"),
        (["TOKEN_VALIDATE_INTERVAL": "2h"], "TOKEN_VALIDATE_INTERVAL is '7200.0 seconds', which cannot be used"),
        (["TWITCH_CLIENT_SECRET": "hush"], "TWITCH_CLIENT_ID is not"),
        (["TOKEN_WRITE_ENV": "perhaps"], "expected true or false"),
    ])
    func `a wrong setting is one line and status 78`(settings: [String: String], line: String) async throws {
        try await withTemporaryDirectory { directory in
            for arguments in [[], ["--check-config"]] {
                var environment = settings
                environment["STATE_DIR"] = directory + "/state"
                let program = try RunningProgram("token-service", arguments, environment: environment, in: directory)
                #expect(try await program.exitCode() == 78)
                #expect(program.errorOutput.contains(line))
                #expect(program.errorOutput.split(separator: "\n").count == 1)
                #expect(!program.errorOutput.contains("pw@"))
            }
        }
    }

    @Test func `the configuration is checked without touching anything`() async throws {
        try await withTemporaryDirectory { directory in
            let program = try RunningProgram(
                "token-service",
                ["--check-config"],
                environment: ["STATE_DIR": directory + "/state"],
                in: directory
            )
            #expect(try await program.exitCode() == 0)
            #expect(program.output == "token-service: configuration ok\n")
            #expect(!FileManager.default.fileExists(atPath: directory + "/state"))
        }
    }
}
