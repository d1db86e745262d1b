import Foundation
import TestSupport
import Testing

/// A service that is asked to stop stops soon, with status 0, whatever it is doing.
@Suite(.serialized) struct SignalTests {
    @Test(arguments: [SIGTERM, SIGINT])
    func `services stop soon under load, and what was accepted is stored`(_ signal: Int32) async throws {
        try await Stack.with(simulator: ["--lines-per-frame", "20"]) { stack in
            try stack.startWriter()
            try stack.startGateway()
            try await stack.joined()
            try await stack.control.setRate(1_500)
            try await eventually("rows come") { stack.rows("chat_messages") > 1_000 }
            try await stop(try #require(stack.writer), with: signal)
            try await stop(try #require(stack.gateway), with: signal)
            try await stack.control.setRate(0)
            try stack.startWriter()
            try stack.startGateway()
            try await stack.expectStored(try await stack.acceptedMessageIDs())
        }
    }

    private func stop(_ service: RunningProgram, with signal: Int32) async throws {
        let clock = ContinuousClock()
        let begin = clock.now
        service.send(signal)
        let status = try await service.exitCode()
        #expect(status == 0, "\(service.name) said: \(service.errorOutput.suffix(500))")
        // The promise is 5 s, which `Benchmarks/run rolling` measures; here it is only that nothing waits for a timeout of the
        // supervisor, on a machine that may be busy with anything.
        #expect(clock.now - begin < .seconds(20), "\(service.name) said: \(service.errorOutput.suffix(500))")
    }
}
