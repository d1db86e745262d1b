package import Logging
package import Protocol
import ServiceLifecycle

/// Hears which tokens Twitch has refused, from the gateways and pollers that were refused: the token service's ear.
///
/// They tell it with `token.rejected` on their ordinary endpoints, which holds a fingerprint and never a token.
package final class RejectionFollower: Service, Sendable {
    private let follower: EventFollower
    private let logger: Logger
    private let onRejection: @Sendable (TokenRejected) -> Void

    /// Connects nothing before `run()`.
    /// - Parameters:
    ///   - endpoints: `IRC_GATEWAY_BUS`.
    ///   - pollers: `STREAM_POLLER_BUS`; a list of its own because a tcp endpoint there has another key.
    ///   - security: Own key and the producers'.
    ///   - allowsPlaintext: `BUS_ALLOW_PLAINTEXT`.
    ///   - logger: For what goes wrong.
    ///   - onRejection: Called for each rejection since the start, in order for each producer. One that comes twice is
    ///     told twice.
    /// - Throws: `BusAddressError` for an endpoint that cannot be used, `BusSecurityError` for a key that is missing.
    package init(
        endpoints: [String],
        pollers: [String] = [],
        security: BusSecurity?,
        allowsPlaintext: Bool = false,
        logger: Logger,
        onRejection: @escaping @Sendable (TokenRejected) -> Void
    ) throws {
        // Only the one partition that they are in: of the chat that shares it, each event's place has to be noted.
        let partition = TokenLedger.partition
        var configuration = EventFollower.Configuration(
            endpoints: endpoints,
            topics: ["token.p\(partition < 10 ? "0" : "")\(partition)."],
            queueLimit: 512,
            security: security
        )
        configuration.allowsPlaintext = allowsPlaintext
        configuration.follow(pollers, of: "stream-poller")
        follower = try EventFollower(configuration, logger: logger)
        self.logger = logger
        self.onRejection = onRejection
    }

    /// Listens until graceful shutdown or cancellation.
    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [follower] in try await follower.run() }
            group.addTask { [self] in await listen() }
            try await group.waitForAll()
        }
    }

    private func listen() async {
        while let events = await follower.next(64, atLeast: 1, within: .seconds(2)) {
            for event in events {
                switch event {
                case .producer(let hello): await follower.follow(hello.producer, from: .head)
                case .event(let received): tell(received)
                case .truncated, .missed, .overrun, .silent, .acknowledged: break
                }
            }
        }
    }

    private func tell(_ received: ReceivedEvent) {
        guard let envelope = try? EventCodec.decode(received.json), case .tokenRejected(let rejected) = envelope.event
        else { return }
        logger.info(
            "a token was rejected",
            metadata: [
                "bus.producer": "\(received.producer)", "token.kind": "\(rejected.kind)",
                "token.fingerprint": "\(rejected.fingerprint)", "reason": "\(rejected.reason)",
            ]
        )
        onRejection(rejected)
    }
}
