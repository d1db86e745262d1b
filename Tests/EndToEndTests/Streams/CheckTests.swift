import Foundation
import TestSupport
import Testing

/// `collector check` as a person runs it.
@Suite(.serialized) struct CheckTests {
    private struct Report: Decodable {
        struct Channel: Decodable {
            var listed_as: String
            var state: String
            var title: String?
            var viewer_count: Int?
        }

        var source: String
        var live: Int
        var channels: [Channel]
    }

    private func check(_ stack: Stack, _ arguments: [String], _ extra: [String: String]) async throws
        -> (code: Int32, output: String, error: String)
    {
        let program = try RunningProgram(
            "collector",
            ["check"] + arguments,
            environment: stack.environment.merging(extra) { $1 },
            in: stack.directory
        )
        let code = try await program.exitCode()
        return (code, program.output, program.errorOutput)
    }

    private let application = ["TWITCH_CLIENT_ID": "simulator-client", "TWITCH_CLIENT_SECRET": "simulator-secret"]

    @Test func `it works without running services, and names who is unknown`() async throws {
        try await StreamStack.with(channels: ["quietharbor", "loudlagoon"]) { streams in
            let title = "日本語 \u{1B}[31mred"
            _ = try await streams.goLive("quietharbor", ["title": title, "category": "Chess", "viewers": 1234])
            try await streams.stack.control.post("users/suspend", ["login": "loudlagoon"])
            let text = try await check(streams.stack, [], application)
            #expect(text.code == 0, "\(text.error)")
            #expect(text.output.contains("● quietharbor") && text.output.contains("1,234"))
            #expect(text.output.contains("unknown    loudlagoon"))
            #expect(!text.output.contains("\u{1B}"))
            let json = try await check(streams.stack, ["--json"], application)
            let report = try JSONDecoder().decode(Report.self, from: Data(json.output.utf8))
            #expect(report.source == "twitch" && report.live == 1)
            #expect(report.channels.map(\.state) == ["live", "unknown"])
            #expect(report.channels.first?.title == title)
        }
    }

    @Test func `where a poller runs it is asked, and no credentials are needed`() async throws {
        try await StreamStack.with { streams in
            let id = try await streams.goLive("sunken_pier")
            try await streams.issueToken()
            try streams.stack.startPoller(StreamStack.hurried)
            try await eventually("the start is told") { streams.recorder.changes == ["online \(id)"] }
            try await eventually("the poller answers") {
                let json = try await check(streams.stack, ["--json"], [:])
                guard let report = try? JSONDecoder().decode(Report.self, from: Data(json.output.utf8)) else {
                    return false
                }
                return json.code == 0 && report.source == "stream-poller" && report.live == 1
            }
        }
    }

    @Test func `what is missing or refused is one line and a status`() async throws {
        try await StreamStack.with { streams in
            let nothing = try await check(streams.stack, [], [:])
            #expect(nothing.code == 78 && nothing.error.contains("TWITCH_CLIENT_ID"))
            // The simulator knows everybody who was not taken away.
            try await streams.stack.control.post("users/suspend", ["login": "nosuch"])
            let misspelt = try await check(streams.stack, ["--channel", "nosuch"], application)
            #expect(
                misspelt.code == 66 && misspelt.output.contains("nosuch") && misspelt.error.contains("knows no channel")
            )
            let wrong = try await check(
                streams.stack,
                [],
                ["TWITCH_CLIENT_ID": "simulator-client", "TWITCH_CLIENT_SECRET": "hunter2"]
            )
            #expect(wrong.code == 78 && !wrong.error.contains("hunter2"), "\(wrong.error)")
            let expired = try await check(
                streams.stack,
                [],
                ["TWITCH_CLIENT_ID": "simulator-client", "TWITCH_ACCESS_TOKEN": "not-a-token-of-anybody"]
            )
            #expect(expired.code == 77 && !expired.error.contains("not-a-token"), "\(expired.error)")
            try await streams.stack.control.post("faults/helix", ["status": 503, "count": 100])
            let down = try await check(streams.stack, [], application)
            #expect(down.code == 75, "\(down.error)")
            for result in [nothing, wrong, expired, down] {
                #expect(result.error.split(separator: "\n").count == 1, "\(result.error)")
            }
        }
    }
}
