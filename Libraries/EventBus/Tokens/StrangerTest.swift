import Logging
import Protocol
import Synchronization
import ZeroMQ

/// Shows, before anything secret is published, that an encrypted endpoint lets no stranger read: one with a random
/// key, and one without any. A client with an allowed key must be served meanwhile, or the test would prove nothing.
struct StrangerTest {
    typealias Instant = ContinuousClock.Instant

    private let publisher: TokenPublisher
    private let sockets: ProducerSockets
    private let access: EndpointGuard
    private let context: Context

    init(of publisher: TokenPublisher, on sockets: ProducerSockets, access: EndpointGuard, context: Context) {
        self.publisher = publisher
        self.sockets = sockets
        self.access = access
        self.context = context
    }

    /// - Throws: `TokenEndpointError` unless both were refused.
    func run() throws {
        let timing = publisher.configuration.timing.selfTest
        let friendKeys = try CurveKeyPair.generate()
        let strangerKeys = try CurveKeyPair.generate()
        access.alsoAllow(friendKeys.publicKey)
        defer { access.allowTrustedOnly() }
        let address = sockets.reachableAddress
        let server = access.publicKey
        let friend = try Client(address, .client(friendKeys, serverKey: server), context)
        let stranger = try Client(address, .client(strangerKeys, serverKey: server), context)
        let nobody = try Client(address, nil, context)

        let loop = TokenServeLoop(publisher, on: sockets)
        let start = Instant.now
        var poller = Poller()
        var wasRefused = false
        while !publisher.contents.withLock({ $0.isStopped }) {
            try loop.beat()
            try loop.wait(&poller, .milliseconds(20))
            try friend.listen()
            if try stranger.listen() > 0 { throw refusal("a stranger with a random key") }
            if try nobody.listen() > 0 { throw refusal("a stranger without a key") }
            wasRefused = wasRefused || access.takeRefused().contains(strangerKeys.publicKey)
            let elapsed = Instant.now - start
            if friend.heardBoth, wasRefused, elapsed >= timing.lowerBound { return }
            if elapsed >= timing.upperBound {
                throw TokenEndpointError.selfTestUnanswered(endpoint: sockets.address.description)
            }
        }
    }

    private func refusal(_ who: String) -> TokenEndpointError {
        .strangerNotRefused(endpoint: sockets.address.description, who: who)
    }

    /// Somebody who tries to read everything.
    private final class Client {
        private let events: Socket
        private let requests: Socket
        private var hasEvent = false
        private var hasReply = false

        init(_ address: BusAddress, _ curve: CurveRole?, _ context: Context) throws {
            let options = SocketOptions(curve: curve)
            events = try Socket(.sub, in: context, options: options)
            requests = try Socket(.dealer, in: context, options: options)
            try events.subscribe("")
            try events.connect(address.description)
            try requests.connect(address.requests)
            try requests.send(BusRequest.hello(HelloRequest(request: 1)).encode())
            try requests.send(BusRequest.snap(SnapRequest(request: 2, topic: TokenLedger.topic)).encode())
        }

        var heardBoth: Bool { hasEvent && hasReply }

        /// How many frames came since the last call.
        @discardableResult
        func listen() throws -> Int {
            var count = 0
            while try events.receive() != nil {
                hasEvent = true
                count += 1
            }
            while try requests.receive() != nil {
                hasReply = true
                count += 1
            }
            return count
        }
    }
}

extension ProducerSockets {
    /// Where this machine reaches what was bound: a wildcard is loopback.
    fileprivate var reachableAddress: BusAddress {
        guard case .tcp("0.0.0.0", let port) = numericAddress.transport else { return numericAddress }
        return BusAddress(.tcp(host: "127.0.0.1", port: port))
    }
}
