import Foundation
import TestSupport
import Testing

/// What `collector coverage --json` says of one channel.
struct CoverageReport: Decodable {
    struct Hole: Decodable {
        var seconds: Double
        var causes: [String]
        var backfill: String?
    }

    var channel: String
    var share: Double
    var isAtLeast: Bool
    var holes: [Hole]

    fileprivate struct All: Decodable {
        var channels: [CoverageReport]
    }
}

extension Stack {
    /// What the command says of the last hour.
    func coverage(_ arguments: String...) async throws -> [CoverageReport] {
        let program = try RunningProgram(
            "collector",
            ["coverage", "--json", "--from", "1h"] + arguments,
            environment: environment,
            in: directory
        )
        let status = try await program.exitCode()
        #expect(status == 0, "\(program.errorOutput)")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(CoverageReport.All.self, from: Data(program.output.utf8)).channels
    }
}
