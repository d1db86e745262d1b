import Foundation
import Hummingbird
import Logging
import NIOCore

/// The HTTP server: the control API, and the parts of Twitch that speak HTTP.
enum ControlServer {
    /// Builds the server.
    ///
    /// - Parameters:
    ///   - simulator: what is controlled.
    ///   - settings: where to listen.
    ///   - logger: for the server's own failures.
    ///   - ready: called with the port once it listens.
    /// - Returns: the server; it listens while its `run()` runs.
    static func application(
        _ simulator: Simulator,
        settings: SimulatorSettings,
        logger: Logger,
        ready: @escaping @Sendable (Int) async -> Void
    ) -> some ApplicationProtocol {
        var quiet = logger
        // Hummingbird calls a cancelled connection an error.
        quiet.logLevel = .critical
        return Application(
            router: self.router(simulator),
            configuration: ApplicationConfiguration(address: .hostname(settings.host, port: settings.controlPort)),
            onServerRunning: { await ready($0.localAddress?.port ?? 0) },
            logger: quiet
        )
    }

    private static func router(_ simulator: Simulator) -> Router<SimulatorRequestContext> {
        let router = Router(context: SimulatorRequestContext.self, options: .autoGenerateHeadEndpoints)
        OAuthRoutes.add(to: router, simulator)
        HelixRoutes.add(to: router, simulator)
        HistoryRoutes.add(to: router, simulator)
        Self.addOAuth(to: router, simulator)
        Self.addStreams(to: router, simulator)
        Self.addUsers(to: router, simulator)
        router.get("stats") { _, _ in try Self.json(await simulator.statistics()) }
        router.get("connections") { _, _ in try Self.json(await simulator.connectionStates()) }
        router.post("burst") { request, _ in
            try await Self.with(BurstRequest.self, request) { try await simulator.answer($0) }
        }
        router.post("rate") { request, _ in
            try await Self.with(RateRequest.self, request) {
                guard $0.linesPerSecond >= 0 else { throw ControlError("lines_per_second must be 0 or more") }
                await simulator.setRate($0.linesPerSecond)
                return try Self.json(await simulator.statistics())
            }
        }
        router.post("say") { request, _ in
            try await Self.with(SayRequest.self, request) {
                try Self.json(SayResult(offered: await simulator.say(raw: $0.line, in: $0.channel)))
            }
        }
        router.post("channels") { request, _ in
            try await Self.with(ChannelsRequest.self, request) {
                try Self.check($0.channels)
                await simulator.setChannels($0.channels)
                return try Self.json(await simulator.statistics())
            }
        }
        for fault in Fault.allCases {
            router.post("faults/\(fault.rawValue)") { request, _ in
                try await Self.with(FaultRequest.self, request) {
                    try Self.json(await simulator.inflict(fault, $0))
                }
            }
        }
        return router
    }

    /// Decodes the body (an empty one is `{}`) and answers mistakes with 400 and one line.
    static func with<Body: Decodable>(
        _ type: Body.Type,
        _ request: Request,
        _ answer: (Body) async throws -> Response
    ) async throws -> Response {
        var body = Data((try await request.body.collect(upTo: 1 << 20)).readableBytesView)
        if body.isEmpty { body = Data("{}".utf8) }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try await answer(try decoder.decode(type, from: body))
        } catch let error as DecodingError {
            return try self.json(Refusal(error: ControlError.line(for: error)), status: .badRequest)
        } catch let error as ControlError {
            return try self.json(Refusal(error: error.description), status: .badRequest)
        }
    }

    static func check(_ channels: [String]) throws {
        guard !channels.isEmpty else { throw ControlError("channels: at least one login is needed") }
        for login in channels where !Login.isValid(login) {
            throw ControlError("channels: '\(login)' is no login (1 to 25 of a-z, 0-9, _)")
        }
    }

    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = try encoder.encode(value)
        return Response(
            status: status,
            headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: data))
        )
    }
}

extension Simulator {
    fileprivate func answer(_ request: BurstRequest) async throws -> Response {
        try ControlServer.check(request.channels)
        guard request.count >= 0 else { throw ControlError("count must be 0 or more") }
        var kinds: Set<ChatKind> = []
        for name in request.kinds ?? [] {
            let named = ChatKind.named(name)
            guard !named.isEmpty else { throw ControlError("kinds: '\(name)' is no kind that is generated") }
            kinds.formUnion(named)
        }
        if let lines = request.linesPerFrame {
            guard (1...50).contains(lines) else { throw ControlError("lines_per_frame must be 1 to 50") }
            self.wire.linesPerFrame = lines
        }
        let start = self.clock.uptime()
        var result = try await self.burst(channels: request.channels, count: request.count, kinds: kinds).get()
        result.milliseconds = (self.clock.uptime() - start) / 1_000_000
        return try ControlServer.json(result)
    }
}

/// A request that makes no sense.
struct ControlError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    static func line(for error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "the body lacks '\(self.inJSON(key))'"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            "the body is not what is expected at '\(context.codingPath.map(self.inJSON).joined(separator: "."))': "
                + context.debugDescription
        @unknown default: "the body is not what is expected"
        }
    }

    /// A key as it stands in the body: snake_case.
    private static func inJSON(_ key: any CodingKey) -> String {
        key.stringValue.reduce(into: "") { $0 += $1.isUppercase ? "_\($1.lowercased())" : String($1) }
    }
}
