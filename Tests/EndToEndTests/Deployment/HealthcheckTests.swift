import Foundation
import TestSupport
import Testing

/// `deploy/healthcheck` against a real service.
@Suite(.serialized) struct HealthcheckTests {
    @Test func `a service that is not ready is told at once, with the reason`() async throws {
        try await withTemporaryDirectory { directory in
            let port = try FreePort.any()
            let gateway = try RunningProgram(
                "irc-gateway",
                environment: [
                    "STATE_DIR": directory + "/state", "CHANNELS": "quietharbor", "TWITCH_IRC_URL": "ws://127.0.0.1:1",
                    "HTTP_PORT": "\(port)",
                ],
                in: directory
            )
            try await eventually("it answers; it said: \(gateway.errorOutput.suffix(400))") {
                try await check(port, directory).output.contains("\"ready\":false")
            }
            let clock = ContinuousClock()
            let begin = clock.now
            let unready = try await check(port, directory)
            #expect(clock.now - begin < .seconds(2), "the answer's end is waited for, not Docker's patience")
            #expect(unready.status == 1 && unready.output.contains("\"reason\":\""), "\(unready)")
            try await gateway.stop()
            #expect(try await check(port, directory).status == 1)
        }
    }

    @Test func `a service that is ready is healthy`() async throws {
        try await Stack.with { stack in
            let port = try FreePort.any()
            try stack.startGateway(["HTTP_PORT": "\(port)"])
            try await eventually("it is healthy; it said: \(stack.gateway?.errorOutput.suffix(400) ?? "")") {
                try await check(port, stack.directory).status == 0
            }
        }
    }

    private func check(_ port: Int, _ directory: String) async throws -> (status: Int32, output: String) {
        let path = MetricsPage.repository.appending(path: "deploy/healthcheck").path
        let program = try RunningProgram(path, ["\(port)"], in: directory)
        let status = try await program.exitCode()
        return (status, program.output)
    }
}
