import Foundation
import TestSupport
import Testing

/// What `collector doctor --json` said.
struct DoctorReport: Decodable {
    struct Row: Decodable {
        var check: String
        var outcome: String
        var text: String
        var advice: String?
    }

    var status: Int32
    var checks: [Row]

    var wrong: [String] { checks.filter { $0.outcome == "wrong" }.map(\.check) }

    subscript(check: String) -> Row? { checks.first { $0.check == check } }
}

extension Stack {
    /// Asks the doctor, who must not hang, and whose exit code must be the one of its report.
    func doctor(_ extra: [String: String] = [:]) async throws -> DoctorReport {
        let program = try collector(["doctor", "--json"], extra)
        let status = try await program.exitCode(within: .seconds(60))
        let report = try JSONDecoder().decode(DoctorReport.self, from: Data(program.output.utf8))
        #expect(report.status == status)
        let tokens = try? String(contentsOfFile: state + "/tokens.json", encoding: .utf8)
        for match in (tokens ?? "").matches(of: /"(?:access|refresh)_token"\s*:\s*"([^"]+)"/) {
            #expect(!(program.output + program.errorOutput).contains(match.1))
        }
        for row in report.checks {
            #expect(!row.text.contains("\n") && !row.text.isEmpty)
            #expect(!(row.text + (row.advice ?? "")).contains("simulator-secret"))
        }
        return report
    }
}
