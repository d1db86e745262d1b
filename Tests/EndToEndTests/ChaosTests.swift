import Foundation
import TestSupport
import Testing

/// `make chaos` with the programs beside this test.
@Suite(.serialized) struct ChaosTests {
    private func chaos(_ settings: [String: String], in directory: String) async throws -> (code: Int32, report: String)
    {
        var environment = ["BIN": RunningProgram.programs, "RATE": "100", "SEED": "1", "MEMORY_MIB": "256"]
        environment.merge(settings) { $1 }
        let run = try RunningProgram(
            "/usr/bin/python3",
            [repository + "/Tests/Chaos/run.py"],
            environment: environment,
            in: directory
        )
        defer { run.send(SIGTERM) }
        let code = try await run.exitCode(within: .seconds(420))
        return (code, run.output + run.errorOutput)
    }

    @Test func `a minute of chaos loses and doubles nothing`() async throws {
        try await withTemporaryDirectory { directory in
            let (code, report) = try await chaos(["SECONDS": "60"], in: directory)
            #expect(code == 0, "\(report)")
            #expect(report.contains("everything holds"))
        }
    }

    /// A judge who never says guilty is none.
    @Test func `a row that is taken away is found missing`() async throws {
        try await withTemporaryDirectory { directory in
            let (code, report) = try await chaos(
                ["SECONDS": "3", "DATABASE": "sqlite", "SABOTAGE": "1"],
                in: directory
            )
            #expect(code == 1, "\(report)")
            #expect(report.contains("LOST channel.chat.message"), "\(report)")
        }
    }
}
