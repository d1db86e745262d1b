import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import TestSupport

/// What `/health/ready` of a service answers.
struct Readiness {
    var status: UInt
    var body: String

    /// Asks a service that runs with `HTTP_PORT=0`; nil while it does not answer.
    static func of(_ program: RunningProgram, stateDirectory: String) async -> Readiness? {
        let name = program.name
        let file = URL(fileURLWithPath: "\(stateDirectory)/run/\(name)-\(program.pid).json")
        guard let data = try? Data(contentsOf: file),
            let run = try? JSONDecoder().decode(RunFile.self, from: data),
            let response = try? await HTTPClient.shared.execute(
                HTTPClientRequest(url: "http://\(run.http)/health/ready"),
                timeout: .seconds(5)
            ),
            let body = try? await response.body.collect(upTo: 1 << 20)
        else { return nil }
        return Readiness(status: response.status.code, body: String(buffer: body))
    }

    /// Any page of a service that runs with `HTTP_PORT=0`.
    static func page(_ path: String, of program: RunningProgram, stateDirectory: String) async throws -> String {
        let file = URL(fileURLWithPath: "\(stateDirectory)/run/\(program.name)-\(program.pid).json")
        let run = try JSONDecoder().decode(RunFile.self, from: Data(contentsOf: file))
        let request = HTTPClientRequest(url: "http://\(run.http)/\(path)")
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        return String(buffer: try await response.body.collect(upTo: 4 << 20))
    }

    private struct RunFile: Decodable {
        var http: String
    }
}
