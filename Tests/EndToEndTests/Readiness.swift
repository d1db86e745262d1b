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
        guard let address = try? address(of: program, stateDirectory: stateDirectory),
            let response = try? await HTTPClient.shared.execute(
                HTTPClientRequest(url: "http://\(address)/health/ready"),
                timeout: .seconds(5)
            ),
            let body = try? await response.body.collect(upTo: 1 << 20)
        else { return nil }
        return Readiness(status: response.status.code, body: String(buffer: body))
    }

    /// Any page of a service that runs with `HTTP_PORT=0`.
    static func page(_ path: String, of program: RunningProgram, stateDirectory: String) async throws -> String {
        let address = try address(of: program, stateDirectory: stateDirectory)
        let request = HTTPClientRequest(url: "http://\(address)/\(path)")
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        return String(buffer: try await response.body.collect(upTo: 4 << 20))
    }

    /// Where a service that runs with `HTTP_PORT=0` answers.
    static func address(of program: RunningProgram, stateDirectory: String) throws -> String {
        let file = URL(fileURLWithPath: "\(stateDirectory)/run/\(program.name)-\(program.pid).json")
        return try JSONDecoder().decode(RunFile.self, from: Data(contentsOf: file)).http
    }

    private struct RunFile: Decodable {
        var http: String
    }
}
