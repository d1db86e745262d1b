import Foundation
import ServiceRuntime
import TestSupport
import Testing
import TokenStore

/// `collector auth` as a person uses it, against the simulator's pages.
@Suite(.serialized) struct LoginFlowTests {
    private let browser = Browser()

    /// Starts a login and returns it with the address that it shows.
    private func start(_ stack: Stack, _ arguments: [String] = []) async throws -> (RunningProgram, String, Int) {
        let port = try FreePort.any()
        let login = try stack.collector(["auth", "login", "--port", "\(port)"] + arguments)
        try await eventually("the address is shown; \(login.errorOutput)") {
            login.output.contains("Waiting for Twitch")
        }
        let address = try #require(
            login.output.firstMatch(of: /http:\/\/localhost:\d+\/login\/[0-9a-f]+/).map { String($0.0) }
        )
        return (login, address, port)
    }

    @Test func `approved in the browser, it stores the tokens for the user alone`() async throws {
        try await Stack.with { stack in
            let (login, address, _) = try await start(stack, ["--scope", "user:read:chat", "--force-verify"])
            let question = try await browser.open(address)
            #expect(question.url.contains("/authorize") && question.url.contains("force_verify=true"))
            let page = try await browser.press("approve", on: question)
            #expect(page.status == 200 && page.html.contains("Logged in as harborlog"), "\(page.html)")
            let code = try await login.exitCode()
            #expect(code == 0 && login.output.contains("Logged in as harborlog"), "\(login.output)\(login.errorOutput)")
            let file = stack.state + "/tokens.json"
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let user = try #require(try TokenFile(directory: stack.state).read()?.user)
            #expect(user.scopes?.sorted() == ["chat:read", "user:read:chat"])
            for secret in [user.accessToken.reveal(), user.refreshToken?.reveal() ?? "?", "simulator-secret"] {
                #expect(!(login.output + login.errorOutput + page.html).contains(secret))
            }

            let status = try stack.collector(["auth", "status"])
            let valid = try await status.exitCode()
            #expect(valid == 0 && status.output.contains("harborlog") && status.output.contains("valid"))
            let logout = try stack.collector(["auth", "logout"])
            let out = try await logout.exitCode()
            #expect(out == 0, "\(logout.errorOutput)")
            #expect(try await stack.audit().contains { $0.endpoint == "revoke" && $0.status == 200 })
            let none = try stack.collector(["auth", "status", "--json"])
            let nobody = try await none.exitCode()
            #expect(nobody == 77 && none.output.contains(#""logged_in" : false"#))
        }
    }

    @Test func `denied, nothing is stored`() async throws {
        try await Stack.with { stack in
            let (login, address, _) = try await start(stack)
            let page = try await browser.press("deny", on: try await browser.open(address))
            #expect(page.html.contains("Nothing was changed"))
            let code = try await login.exitCode()
            #expect(code == 77 && login.errorOutput.contains("denied"))
            #expect(!FileManager.default.fileExists(atPath: stack.state + "/tokens.json"))
        }
    }

    @Test func `a wrong state is told, stores nothing, and does not end the login`() async throws {
        try await Stack.with { stack in
            let (login, address, port) = try await start(stack)
            let forged = try await browser.open("http://localhost:\(port)/callback?code=evil&state=0123456789abcdef")
            #expect(forged.status == 400 && forged.html.contains("not the login"))
            #expect(try await browser.open("http://localhost:\(port)/elsewhere").status == 404)
            let script = try await browser.open("http://localhost:\(port)/callback?error=%3Cscript%3E&state=x")
            #expect(!script.html.contains("<script>"))
            #expect(login.isRunning)
            #expect(try await stack.audit().allSatisfy { $0.endpoint != "token" }, "the forged code was not used")
            let page = try await browser.press("approve", on: try await browser.open(address))
            #expect(page.html.contains("Logged in as harborlog"))
            let code = try await login.exitCode()
            #expect(code == 0 && login.errorOutput.contains("does not belong to this login"))
        }
    }

    @Test func `who knows the state but is another browser logs nobody in`() async throws {
        try await Stack.with { stack in
            let (login, address, port) = try await start(stack)
            let question = try await browser.open(address)
            let state = try #require(question.url.firstMatch(of: /state=([0-9a-f]+)/).map { String($0.1) })
            // An attacker with a code of an account of theirs, and the very state.
            let attacker = Browser()
            let forged = "http://localhost:\(port)/callback?code=of-another-account&state=\(state)"
            #expect(try await attacker.open(forged).status == 400)
            let refusal = "http://localhost:\(port)/callback?error=access_denied&state=\(state)"
            #expect(try await attacker.open(refusal).status == 400)
            // The page was visited: it begins the login in no second browser, and gives nobody the cookie.
            let second = try await attacker.open(address)
            #expect(second.status == 410 && second.html.contains("Another browser"))
            #expect(try await attacker.open(forged).status == 400)
            #expect(login.isRunning)
            #expect(try await stack.audit().allSatisfy { $0.endpoint != "token" }, "the forged code was not used")
            let page = try await browser.press("approve", on: question)
            #expect(page.html.contains("Logged in as harborlog"))
            // Replayed when all is over: there is nobody any more, or it is too late.
            let replay = try? await attacker.open(forged)
            #expect(replay.map { $0.status == 400 } ?? true)
            let code = try await login.exitCode()
            #expect(code == 0)
        }
    }

    @Test
    func `the arguments of the program that opens the browser hold neither the state nor what the terminal shows`()
        async throws
    {
        try await Stack.with { stack in
            let tools = stack.directory + "/tools"
            let told = stack.directory + "/opened"
            try FileManager.default.createDirectory(atPath: tools, withIntermediateDirectories: true)
            let script = "#!/bin/sh\necho \"$1\" > '\(told).new' && mv '\(told).new' '\(told)'\n"
            try Data(script.utf8).write(to: URL(fileURLWithPath: tools + "/xdg-open"))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tools + "/xdg-open")
            let port = try FreePort.any()
            let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
            let login = try stack.collector(
                ["auth", "login", "--port", "\(port)"],
                Stack.application.merging(["DISPLAY": ":7", "PATH": "\(tools):\(path)"]) { $1 }
            )
            try await eventually("the browser is opened; \(login.errorOutput)") {
                login.output.contains("Waiting for Twitch") && FileManager.default.fileExists(atPath: told)
            }
            let opened = try String(contentsOfFile: told, encoding: .utf8).trimmingCharacters(
                in: .whitespacesAndNewlines
            )
            #expect(opened.hasPrefix("http://localhost:\(port)/login/") && !opened.contains("state"))
            #expect(!login.output.contains(opened))
            #expect(login.output.contains("Your browser opens this page"))
            // Our own browser, the one that was opened, goes on from there.
            let page = try await browser.press("approve", on: try await browser.open(opened))
            #expect(page.html.contains("Logged in as harborlog"))
            let code = try await login.exitCode()
            #expect(code == 0)
        }
    }

    @Test func `a logout takes the pair out of the .env too, whether it was taken over or not`() async throws {
        try await Stack.with { stack in
            struct Pair: Decodable {
                var accessToken: String
                var refreshToken: String
            }
            try await stack.logIn()
            let pair: Pair = try await stack.control.call(
                "POST",
                "oauth/grant",
                ["client_id": "simulator-client", "login": "nightreader", "scopes": ["chat:read"]]
            )
            let file = stack.directory + "/.env"
            let text =
                "# mine\nTWITCH_CLIENT_ID='simulator-client'\nTWITCH_ACCESS_TOKEN='oauth:\(pair.accessToken)' # of nightreader\n"
                + "export TWITCH_REFRESH_TOKEN=\(pair.refreshToken)\n\nOTHER=\"a # b\"\n"
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
            let logout = try stack.collector(["auth", "logout"])
            let out = try await logout.exitCode()
            #expect(out == 0, "\(logout.errorOutput)")
            #expect(
                logout.output.contains("and .env") && logout.errorOutput.isEmpty,
                "\(logout.output)\(logout.errorOutput)"
            )
            #expect(
                try String(contentsOfFile: file, encoding: .utf8)
                    == "# mine\nTWITCH_CLIENT_ID='simulator-client'\n# of nightreader\n\nOTHER=\"a # b\"\n"
            )
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(mode == 0o640)
            #expect(!FileManager.default.fileExists(atPath: file + ".new"))
            // The stored pair and the one of the file: both are worthless at Twitch.
            let revoked = try await stack.audit().count { $0.endpoint == "revoke" && $0.status == 200 }
            #expect(revoked >= 2)
            let again = try stack.collector(["auth", "logout"])
            let nothing = try await again.exitCode()
            #expect(nothing == 0 && again.output.contains("Nobody is logged in"))
        }
    }

    @Test func `a second callback is not used, even while the first one is being answered`() async throws {
        try await Stack.with { stack in
            let (login, address, port) = try await start(stack)
            try await stack.control.post("faults/oauth", ["endpoint": "token", "delay_milliseconds": 3000])
            let question = try await browser.open(address)
            async let first = browser.press("approve", on: question)
            try await eventually("the code is being exchanged") {
                try await stack.audit().contains { $0.endpoint == "token" }
            }
            // The same browser goes back and presses reload on the callback: state and cookie are right, the login is not open.
            let state = try #require(question.url.firstMatch(of: /state=([0-9a-f]+)/).map { String($0.1) })
            let second = try await browser.open("http://localhost:\(port)/callback?code=again&state=\(state)")
            #expect(second.status == 409)
            #expect(try await first.html.contains("Logged in as harborlog"))
            let code = try await login.exitCode()
            #expect(code == 0)
            #expect(try await stack.audit().count { $0.endpoint == "token" } == 1)
        }
    }

    @Test func `a port that is taken, and settings that are missing, are one line each`() async throws {
        try await Stack.with { stack in
            let (login, _, port) = try await start(stack)
            let second = try stack.collector(["auth", "login", "--port", "\(port)"])
            let taken = try await second.exitCode()
            #expect(taken == 69 && second.errorOutput.contains("port \(port) is in use"))
            #expect(second.errorOutput.split(separator: "\n").count == 1)
            login.send(SIGINT)
            let stopped = try await login.exitCode()
            #expect(stopped == 130 && login.errorOutput.contains("nothing was changed"))
            for (settings, words) in [
                ([:], "dev.twitch.tv/console"), (["TWITCH_CLIENT_ID": "simulator-client"], "--device"),
                (Stack.application.merging(["TWITCH_AUTH_URL": "http://id.example.org"]) { $1 }, "TWITCH_AUTH_URL"),
            ] as [([String: String], String)] {
                let wrong = try stack.collector(["auth", "login"], settings)
                let code = try await wrong.exitCode()
                #expect(code == 78 && wrong.errorOutput.contains(words), "\(wrong.errorOutput)")
                #expect(wrong.errorOutput.split(separator: "\n").count == 1)
            }
        }
    }

    @Test func `a device without a browser waits, slows down, and is let in`() async throws {
        try await Stack.with(simulator: ["--device-interval", "1"]) { stack in
            try await stack.control.post("oauth/settings", ["slow_down": true])
            let login = try stack.collector(["auth", "login", "--device"], Stack.publicApplication)
            let code = try await Stack.code(shownBy: login)
            try await eventually("it was told to wait") {
                try await stack.audit().contains { $0.endpoint == "token" && $0.status == 400 }
            }
            let page = try await browser.open(
                try #require(login.output.firstMatch(of: /http:\/\/\S+device-code=\S+/).map { String($0.0) })
            )
            #expect(page.html.contains(code))
            _ = try await browser.press("approve", on: page, as: "nightreader")
            let status = try await login.exitCode()
            #expect(status == 0 && login.output.contains("Logged in as nightreader"), "\(login.errorOutput)")
            #expect(try await stack.audit().allSatisfy { !$0.tooFast })
        }
    }

    @Test func `a device that is denied, or too late, says so`() async throws {
        try await Stack.with(simulator: ["--device-interval", "1"]) { stack in
            let denied = try stack.collector(["auth", "login", "--device"], Stack.publicApplication)
            let code = try await Stack.code(shownBy: denied)
            try await stack.control.post("oauth/device/deny", ["user_code": code])
            let no = try await denied.exitCode()
            #expect(no == 77 && denied.errorOutput.contains("denied"))

            try await stack.control.post("oauth/settings", ["device_lifetime_seconds": 3])
            let late = try stack.collector(["auth", "login", "--device"], Stack.publicApplication)
            let expired = try await late.exitCode()
            #expect(expired == 75 && late.errorOutput.contains("expired"), "\(late.errorOutput)")
            #expect(!FileManager.default.fileExists(atPath: stack.state + "/tokens.json"))
        }
    }
}
