import Foundation
import Hummingbird

/// The body of `POST /streams`, `/streams/update` and `/streams/end`.
struct StreamRequest: Decodable, Sendable {
    var login: String
    /// `false` ends the stream.
    var online: Bool?
    var title: String?
    var category: String?
    var viewers: Int?
    /// Viewers come and go around that number.
    var viewersMove: Bool?
    var language: String?
    var tags: [String]?
    /// RFC 3339; by default now.
    var startedAt: String?
    /// How late Get Streams knows; by default `--helix-lag`.
    var visibleAfterMilliseconds: Int64?
    /// How long Get Streams hesitates; by default not, or two minutes with `--helix-flapping`.
    var flappingMilliseconds: Int64?
}

/// The answer of `POST /streams…`.
struct StreamResult: Codable, Sendable, Equatable {
    var id: String?
    var userID: String
    var startedAt: String?

    private enum CodingKeys: String, CodingKey {
        case id
        case userID = "userId"
        case startedAt
    }
}

extension ControlServer {
    /// The control of streams and of Helix.
    static func addStreams(to router: Router<SimulatorRequestContext>, _ simulator: Simulator) {
        router.post("streams") { request, _ in
            try await Self.with(StreamRequest.self, request) {
                try Self.json(
                    $0.online == false ? await simulator.endStream($0) : await simulator.startStream($0)
                )
            }
        }
        router.post("streams/update") { request, _ in
            try await Self.with(StreamRequest.self, request) { try Self.json(await simulator.updateStream($0)) }
        }
        router.post("streams/end") { request, _ in
            try await Self.with(StreamRequest.self, request) { try Self.json(await simulator.endStream($0)) }
        }
        router.get("streams") { _, _ in
            try Self.json(StreamHistoryPage(streams: Array(await simulator.streamHistory.records)))
        }
        router.get("helix-log") { request, _ in
            let after = request.queryFields["after"].flatMap { Int($0) } ?? 0
            return try Self.json(await simulator.helixLog.page(after: after))
        }
        router.post("faults/helix") { request, _ in
            try await Self.with(HTTPFaultRequest.self, request) { fault in
                try fault.check(HelixEndpoint.allCases.map(\.rawValue))
                await simulator.addHelixFault(fault)
                return try Self.json(ControlCount(count: fault.count ?? 1))
            }
        }
    }
}

extension Simulator {
    fileprivate func addHelixFault(_ request: HTTPFaultRequest) {
        self.helixFaults.add(request, at: self.clock.uptime())
    }

    private func timing(_ request: StreamRequest) -> StreamTiming {
        StreamTiming(
            lag: request.visibleAfterMilliseconds ?? Int64(self.settings.helix.lag * 1000),
            flapping: request.flappingMilliseconds ?? Int64(self.settings.helix.flapping * 1000)
        )
    }

    fileprivate func startStream(_ request: StreamRequest) throws -> StreamResult {
        let user = try self.userID(of: request.login)
        guard self.streams.live(user) == nil else {
            throw ControlError("login: '\(request.login)' is live; POST /streams/update or /streams/end")
        }
        var startedAt = self.clock.unixMilliseconds()
        if let text = request.startedAt {
            guard let date = try? Date(text, strategy: .iso8601) else {
                throw ControlError("started_at: '\(text)' is no time like 2026-07-01T18:00:00Z")
            }
            startedAt = Int64(date.timeIntervalSince1970 * 1000)
        }
        var info = self.streams.channel(user)
        info.change(request)
        let stream = self.streams.start(
            user,
            info,
            startedAt: startedAt,
            at: self.now,
            timing: self.timing(request),
            movesViewers: request.viewersMove ?? false
        )
        self.streamHistory.started(stream, login: request.login, at: self.clock.unixMilliseconds())
        return StreamResult(stream)
    }

    fileprivate func updateStream(_ request: StreamRequest) throws -> StreamResult {
        let user = try self.userID(of: request.login)
        let lag = self.timing(request).lag
        let stream = self.streams.change(user, request, at: self.now, lag: lag)
        return stream.map(StreamResult.init) ?? StreamResult(userID: user)
    }

    fileprivate func endStream(_ request: StreamRequest) throws -> StreamResult {
        let user = try self.userID(of: request.login)
        guard let stream = self.streams.end(user, at: self.now, timing: self.timing(request)) else {
            throw ControlError("login: '\(request.login)' is not live")
        }
        self.streamHistory.ended(stream, at: self.clock.unixMilliseconds())
        return StreamResult(stream)
    }
}

extension StreamResult {
    fileprivate init(_ stream: LiveStream) {
        self.init(id: stream.id, userID: stream.userID, startedAt: Simulator.timestamp(stream.startedAt))
    }
}
