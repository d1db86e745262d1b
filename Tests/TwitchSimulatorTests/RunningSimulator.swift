import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import Synchronization
import TestSupport
import Testing

@testable import twitch_simulator

/// A simulator that runs for the length of a test, and its control API.
struct RunningSimulator: Sendable {
    let simulator: Simulator
    let endpoints: Endpoints

    var stats: Statistics { get async { await self.simulator.statistics() } }

    /// Calls the control API.
    func post(_ path: String, _ body: String = "{}") async throws -> (status: UInt, body: String) {
        var request = HTTPClientRequest(url: "\(self.endpoints.control)/\(path)")
        request.method = .POST
        request.body = .bytes(ByteBuffer(string: body))
        return try await self.send(request)
    }

    func get(_ path: String) async throws -> (status: UInt, body: String) {
        try await self.send(HTTPClientRequest(url: "\(self.endpoints.control)/\(path)"))
    }

    /// A call that must succeed, decoded.
    func call<Answer: Decodable>(_ path: String, _ body: String, as type: Answer.Type = Answer.self) async throws
        -> Answer
    {
        let answer = try await self.post(path, body)
        try #require(answer.status == 200, "\(path): \(answer.body)")
        return try Self.decode(answer.body)
    }

    static func decode<Answer: Decodable>(_ text: String) throws -> Answer {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Answer.self, from: Data(text.utf8))
    }

    private func send(_ request: HTTPClientRequest) async throws -> (status: UInt, body: String) {
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let body = try await response.body.collect(upTo: 1 << 22)
        return (response.status.code, String(buffer: body))
    }
}

/// Settings of a silent simulator on free ports.
func silent(_ change: (inout SimulatorSettings) -> Void = { _ in }) -> SimulatorSettings {
    var settings = SimulatorSettings()
    settings.chat.rate = 0
    settings.chat.chatters = 100
    settings.chat.phrases = 100
    settings.chat.runID = 0x7e57_0001
    change(&settings)
    return settings
}

/// Runs a simulator around the body.
func withSimulator(
    _ settings: SimulatorSettings = silent(),
    clock: SimulatorClock = .system,
    _ body: @escaping @Sendable (RunningSimulator) async throws -> Void
) async throws {
    let (ready, continuation) = AsyncStream.makeStream(of: RunningSimulator.self, bufferingPolicy: .bufferingNewest(1))
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let log = logger
    try await withThrowingTaskGroup(of: Bool.self) { group in
        group.addTask {
            defer { continuation.finish() }
            try await SimulatorServer.run(settings, clock: clock, logger: log) { simulator, endpoints in
                continuation.yield(RunningSimulator(simulator: simulator, endpoints: endpoints))
            }
            return false
        }
        group.addTask {
            for await running in ready {
                try await body(running)
                return true
            }
            return false
        }
        // The body ends the simulator; a simulator that ends by itself has failed to start.
        defer { group.cancelAll() }
        while let isBody = try await group.next(), !isBody {}
    }
}

/// Time that moves when the test says so.
final class ManualTime: Sendable {
    private let nanoseconds = Mutex<Int64>(1_000_000_000)

    var clock: SimulatorClock {
        SimulatorClock(
            uptime: { self.nanoseconds.withLock { $0 } },
            unixMilliseconds: { self.nanoseconds.withLock { 1_790_000_000_000 + $0 / 1_000_000 } }
        )
    }

    func advance(seconds: Double) { self.nanoseconds.withLock { $0 += Int64(seconds * 1e9) } }
}
