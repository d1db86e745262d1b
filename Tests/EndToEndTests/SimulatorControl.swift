import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// The simulator's HTTP control API (docs/simulator.md), as far as tests need it.
final class SimulatorControl: Sendable {
    private let address: String
    private let client = HTTPClient()

    init(address: String) {
        self.address = address
    }

    func close() async throws {
        try await client.shutdown()
    }

    struct Statistics: Decodable, Sendable {
        struct Channel: Decodable, Sendable {
            var readers: Int
            var offered: Int
            var commands: [String: Int]
            var idPrefix: String
            var lastSequence: Int64
        }

        /// The ids of all messages and notifications that were offered since the start.
        var messageIDs: Set<String> {
            channels.values.reduce(into: []) { ids, channel in
                guard channel.lastSequence > 0 else { return }
                for number in 1...channel.lastSequence {
                    ids.insert(channel.idPrefix + String(format: "%012llx", number))
                }
            }
        }

        var channels: [String: Channel]
        var connections: Int
        var connectionsOpened: Int
        var joins: Int
        var joinRateViolations: Int
        var violationCount: Int
        var unheard: Int
    }

    struct Burst: Decodable, Sendable {
        struct Channel: Decodable, Sendable {
            var lines: Int
            var kinds: [String: Int]
            var firstSequence: Int64?
            var lastSequence: Int64?
            var firstId: String?
        }

        var offered: [String: Channel]
        var unheard: Int

        var lines: Int { offered.values.reduce(0) { $0 + $1.lines } }

        /// The ids of all numbered lines: the numbers are the last 12 hexadecimal digits.
        var ids: Set<String> {
            offered.values.reduce(into: []) { ids, channel in
                guard let first = channel.firstSequence, let last = channel.lastSequence, let id = channel.firstId
                else {
                    return
                }
                let prefix = id.dropLast(12)
                for number in first...last { ids.insert(prefix + String(format: "%012llx", number)) }
            }
        }
    }

    func statistics() async throws -> Statistics {
        try await call("GET", "stats", [:])
    }

    /// How many of the simulator's channels have a reader.
    func joinedChannels() async throws -> Int {
        try await statistics().channels.values.count { $0.readers > 0 }
    }

    /// Sends lines as fast as the readers take them; returns when all were written.
    func burst(_ channels: [String], _ count: Int, kinds: [String]? = ["PRIVMSG"]) async throws -> Burst {
        var body: [String: any Sendable] = ["channels": channels, "count": count]
        body["kinds"] = kinds
        return try await call("POST", "burst", body)
    }

    func say(_ line: String, in channel: String) async throws {
        let _: Ignored = try await call("POST", "say", ["channel": channel, "line": line])
    }

    func setRate(_ linesPerSecond: Double) async throws {
        let _: Ignored = try await call("POST", "rate", ["lines_per_second": linesPerSecond])
    }

    func inflict(_ fault: String, _ body: [String: any Sendable] = [:]) async throws {
        let _: Ignored = try await call("POST", "faults/\(fault)", body)
    }

    /// Any other request, whose answer does not matter.
    func post(_ path: String, _ body: [String: any Sendable]) async throws {
        let _: Ignored = try await call("POST", path, body)
    }

    private struct Ignored: Decodable {}

    private struct Refused: Error {
        var status: UInt
        var body: String
    }

    func call<Answer: Decodable>(
        _ method: String,
        _ path: String,
        _ body: [String: any Sendable]
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: "\(address)/\(path)")
        request.method = .init(rawValue: method)
        if method == "POST" {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: try JSONSerialization.data(withJSONObject: body)))
        }
        let response = try await client.execute(request, timeout: .seconds(120))
        let answer = Data(try await response.body.collect(upTo: 16 << 20).readableBytesView)
        guard response.status == .ok else {
            throw Refused(status: response.status.code, body: String(decoding: answer, as: UTF8.self))
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Answer.self, from: answer)
    }
}
