package import Protocol
import ZeroMQ

/// Asks producers once: for the present state of a topic (`SNAP`), or who they are (`HELLO`).
package struct StateQuery: Sendable {
    /// One producer's answer.
    package struct Answer: Sendable {
        /// The event endpoint of the producer.
        package var endpoint: String
        package var version: Int
        /// One JSON value.
        package var state: [UInt8]
    }

    private let patterns: [EndpointPattern]
    private let security: BusSecurity?

    /// - Parameter configuration: The endpoints and keys, as for following them.
    /// - Throws: `BusAddressError` for an endpoint that cannot be used, `BusSecurityError` for a key that is missing.
    package init(_ configuration: EventFollower.Configuration) throws {
        patterns = try configuration.patterns()
        security = configuration.security
    }

    /// The answers that came within `limit`, highest version first. A producer that does not keep the topic, or does not
    /// answer, is missing.
    package func ask(_ topic: String, within limit: Duration) async throws -> [Answer] {
        try await replies(to: .snap(SnapRequest(request: 1, topic: topic)), within: limit)
            .compactMap { address, reply in
                guard case .snap(let reply) = reply else { return nil }
                return Answer(endpoint: address.description, version: reply.version, state: reply.state)
            }
            .sorted { $0.version > $1.version }
    }

    /// Who introduces itself within `limit`.
    package func producers(within limit: Duration) async throws -> [HelloReply] {
        try await replies(to: .hello(HelloRequest(request: 1)), within: limit).compactMap { _, reply in
            guard case .hello(let reply) = reply else { return nil }
            return reply
        }
    }

    private func replies(
        to request: BusRequest,
        within limit: Duration
    ) async throws -> [(address: BusAddress, reply: BusReply)] {
        let context = try Context.process.get()
        let request = try request.encode()
        return try await withCheckedThrowingContinuation { continuation in
            DedicatedThread.start("bus-query") { [patterns, security] in
                continuation.resume(
                    with: Result {
                        let addresses = Set(patterns.flatMap { (try? $0.addresses()) ?? [] })
                        return try Self.ask(request, Array(addresses), security, limit, context)
                    }
                )
            }
        }
    }

    private static func ask(
        _ request: [UInt8],
        _ addresses: [BusAddress],
        _ security: BusSecurity?,
        _ limit: Duration,
        _ context: Context
    ) throws -> [(address: BusAddress, reply: BusReply)] {
        let end = ContinuousClock.now + limit
        let links = try addresses.map { address in
            let curve = try address.keyName.flatMap { name in try security?.client(of: name) }
            let link = QueryLink(address, try Socket(.dealer, in: context, options: SocketOptions(curve: curve)))
            try link.socket.connect(address.requests)
            try link.socket.send(request)
            return link
        }
        var replies: [(address: BusAddress, reply: BusReply)] = []
        while let left = Optional(end - ContinuousClock.now), left > .zero, !links.allSatisfy(\.hasAnswered) {
            var poller = Poller()
            let waiting = links.filter { !$0.hasAnswered }
            let places = waiting.map { poller.add($0.socket) }
            guard try poller.wait(left) > 0 else { continue }
            for (link, place) in zip(waiting, places) where poller.isReadable(place) {
                guard let frame = try link.socket.receive() else { continue }
                link.hasAnswered = true
                guard let reply = try? BusReply.decode(frame) else { continue }
                replies.append((link.address, reply))
            }
        }
        return replies
    }
}

/// One producer that was asked. Belongs to the query's thread.
private final class QueryLink {
    let address: BusAddress
    let socket: Socket
    var hasAnswered = false

    init(_ address: BusAddress, _ socket: consuming Socket) {
        self.address = address
        self.socket = socket
    }
}
