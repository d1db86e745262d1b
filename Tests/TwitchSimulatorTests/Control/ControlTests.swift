import Foundation
import Logging
import NIOSSL
import TestSupport
import Testing

@testable import twitch_simulator

@Suite struct ControlTests {
    @Test(arguments: [
        ("burst", "{}", "the body lacks 'channels'"),
        ("burst", #"{"channels":[],"count":1}"#, "channels: at least one login is needed"),
        ("burst", #"{"channels":["A"],"count":1}"#, "channels: 'A' is no login (1 to 25 of a-z, 0-9, _)"),
        ("burst", #"{"channels":["a"],"count":1,"kinds":["x"]}"#, "kinds: 'x' is no kind that is generated"),
        ("burst", #"{"channels":["a"],"count":1,"lines_per_frame":51}"#, "lines_per_frame must be 1 to 50"),
        ("rate", #"{"lines_per_second":-1}"#, "lines_per_second must be 0 or more"),
    ])
    func `a wrong request is answered by one clear line`(_ path: String, _ body: String, _ error: String) async throws {
        try await withSimulator { running in
            let answer = try await running.post(path, body)
            #expect(answer.status == 400)
            #expect(try RunningSimulator.decode(answer.body) == ["error": error])
        }
    }

    @Test func `rate and channels can be changed while it runs`() async throws {
        let time = ManualTime()
        try await withSimulator(clock: time.clock) { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                try await client.logInAnonymously(join: "elsewhere")
                _ = try await running.post("channels", #"{"channels":["elsewhere"]}"#)
                let stats: Statistics = try await running.call("rate", #"{"lines_per_second":50}"#)
                #expect(stats.rate == 50)
                time.advance(seconds: 1)
                try await client.wait("50 lines") { $0.lines.count { $0.contains("#elsewhere") } >= 54 }
                #expect(await running.stats.channels["elsewhere"]?.offered == 50)
            }
        }
    }

    @Test func `a dictated line is delivered as it is`() async throws {
        try await withSimulator { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                try await client.logInAnonymously(join: "a")
                let said: SayResult = try await running.call("say", #"{"channel":"a","line":"@x=1 :t FROB #a :é"}"#)
                #expect(said.offered)
                try await client.wait("the line") { $0.lines.last == "@x=1 :t FROB #a :é" }
                #expect(await running.stats.channels["a"]?.commands == ["other": 1])
            }
        }
    }

    @Test func `connections are listed`() async throws {
        try await withSimulator { running in
            try await IRCWebSocketClient.connect(running.endpoints.irc) { client in
                try await client.logInAnonymously("justinfan3", join: "a", "b")
                let list: [ConnectionState] = try RunningSimulator.decode(try await running.get("connections").body)
                #expect(list.map(\.nick) == ["justinfan3"])
                #expect(list.map(\.rooms) == [["a", "b"]])
                #expect(list.map(\.isAnonymous) == [true])
            }
        }
    }

    @Test func `the announcement names every server`() async throws {
        try await withSimulator { running in
            let control = running.endpoints.control
            let line = String(decoding: try JSONEncoder().encode(running.endpoints), as: UTF8.self)
            let keys = try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
            let irc = running.endpoints.irc
            #expect(
                keys == [
                    "irc": irc, "control": control, "api": "\(control)/helix", "auth": "\(control)/oauth2",
                    "history": "\(control)/api/v2/recent-messages",
                ]
            )
        }
    }

    @Test func `a port in use is one clear line`() async throws {
        try await withSimulator { running in
            let port = try #require(running.endpoints.irc.split(separator: ":").last.flatMap { Int($0) })
            let control = try #require(running.endpoints.control.split(separator: ":").last.flatMap { Int($0) })
            for (irc, http, what, option) in [
                (port, 0, "IRC", "--irc-port"), (0, control, "control", "--control-port"),
            ] {
                let settings = silent {
                    $0.ircPort = irc
                    $0.controlPort = http
                }
                let failure = await #expect(throws: StartFailure.self) {
                    try await SimulatorServer.run(
                        settings,
                        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                    ) { _, _ in }
                }
                let line =
                    "cannot listen for \(what) on 127.0.0.1:\(max(irc, http)): the port is in use; choose another \(option), or 0"
                #expect(failure?.description == line)
            }
        }
    }
}
