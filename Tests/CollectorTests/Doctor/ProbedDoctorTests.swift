import AsyncHTTPClient
import Foundation
import Protocol
import ServiceRuntime
import TestSupport
import Testing
import TwitchAPI

@testable import collector

/// What cannot be broken from outside: the clock and the disk, by probes of the test's own.
@Suite struct ProbedDoctorTests {
    private struct Announcement: Decodable {
        var irc: String
        var api: String
        var auth: String
    }

    private func findings(_ change: (inout Doctor) -> Void) async throws -> [Finding] {
        try await withTemporaryDirectory { directory in
            let simulator = try RunningProgram(
                "twitch-simulator",
                ["--irc-port", "0", "--control-port", "0", "--channels", "quietharbor", "--rate", "0"],
                in: directory
            )
            let process = simulator
            try await eventually("the simulator is ready") { process.output.contains("\n") }
            let address = try JSONDecoder().decode(Announcement.self, from: Data(simulator.output.utf8))
            let values = [
                "STATE_DIR": directory + "/state", "DATABASE_URL": "sqlite:///\(directory)/chats.db",
                "TWITCH_IRC_URL": address.irc, "TWITCH_API_URL": address.api, "TWITCH_AUTH_URL": address.auth,
                "CHANNELS": "quietharbor",
            ]
            let http = HTTPClient(configuration: .twitchAPI)
            var doctor = Doctor(
                context: AuthContext(
                    settings: Settings(values: values),
                    http: http,
                    authURL: try APIBaseURL(address.auth),
                    clientID: nil,
                    clientSecret: nil,
                    stateDirectory: directory + "/state"
                ),
                directory: directory,
                configFile: nil,
                environment: values
            )
            change(&doctor)
            let findings = try await doctor.examination().run { _ in }
            try await http.shutdown()
            try await simulator.stop()
            return findings
        }
    }

    @Test func `with honest probes all is well`() async throws {
        let findings = try await findings { _ in }
        #expect(DoctorReport.status(findings) == 0, "\(findings)")
        #expect(findings.first { $0.check == "clock" }?.text == "right within the second")
    }

    @Test(arguments: [(-90, "90 s behind Twitch's"), (90, "90 s ahead of Twitch's")])
    func `a clock that is wrong is named`(seconds: Int, words: String) async throws {
        let findings = try await findings { doctor in
            doctor.clock = WallClock {
                Timestamp(rawValue: WallClock.system.now().rawValue + Int64(seconds) * 1000)
            }
        }
        #expect(findings.filter(\.isWrong).map(\.check) == ["clock"], "\(findings)")
        let finding = try #require(findings.first { $0.check == "clock" })
        #expect(finding.outcome == .wrong(status: 78))
        let number = try #require(finding.text.split(separator: " ").first.flatMap { Int($0) })
        #expect(abs(number - abs(seconds)) <= 2 && finding.text.hasSuffix(String(words.dropFirst(2))))
        #expect(finding.advice?.contains("timedatectl") == true)
    }

    @Test func `a disk that is nearly full is named`() async throws {
        let findings = try await findings { doctor in
            doctor.freeSpace = { _ in DiskSpace(free: 40 << 20, size: 100 << 30) }
        }
        #expect(findings.filter(\.isWrong).map(\.check) == ["disk space"], "\(findings)")
        let finding = try #require(findings.first { $0.check == "disk space" })
        #expect(finding.outcome == .wrong(status: 74))
        #expect(finding.text.hasPrefix("only 40"))
    }
}
