package import Logging
package import Protocol
import ServiceLifecycle
import Synchronization
import ZeroMQ

/// Knows the current tokens: asks the token service for its state, then follows its changes.
///
/// May be started before the token service and outlives its restarts: the last known tokens stay current meanwhile.
package final class TokenFollower: Service, Sendable {
    package struct Configuration: Sendable {
        /// `TOKEN_SERVICE_BUS`: where the token service may be; an ipc path may hold `*`.
        package var endpoints: [String]
        /// Own key and the token service's; tcp cannot do without.
        package var security: BusSecurity?
        var timing = TokenTiming()

        package init(endpoints: [String], security: BusSecurity? = nil) {
            self.endpoints = endpoints
            self.security = security
        }
    }

    private let configuration: Configuration
    private let patterns: [EndpointPattern]
    private let logger: Logger
    private let context: Context
    private let mailbox: FollowerMailbox
    private let tokens = Mutex<[String: TokenIssued]>([:])
    private let answered = Atomic(false)
    private let onChange: @Sendable (_ kind: String, _ token: TokenIssued?) -> Void

    /// Connects nothing before `run()`.
    /// - Parameters:
    ///   - configuration: Where to look.
    ///   - logger: Never gets a token.
    ///   - onChange: Called, from the follower's thread, with the new current token of a kind, or nil when there is none
    ///     any more. It must not block.
    /// - Throws: `BusAddressError` for plain tcp, `BusSecurityError` for a directory that others may enter or a key
    ///   that is missing. Each is one line.
    package init(
        _ configuration: Configuration,
        logger: Logger,
        onChange: @escaping @Sendable (_ kind: String, _ token: TokenIssued?) -> Void = { _, _ in }
    ) throws {
        patterns = try configuration.endpoints.map { text in
            let pattern = try EndpointPattern(text, keyName: TokenPublisher.service)
            try TokenEndpoint.check(pattern.address, security: configuration.security)
            if pattern.address.keyName != nil { _ = try configuration.security?.client(of: TokenPublisher.service) }
            return pattern
        }
        self.configuration = configuration
        self.logger = logger
        self.onChange = onChange
        context = try Context.process.get()
        mailbox = try FollowerMailbox()
    }

    /// The current token of a kind, `user` or `app`; nil when there is none.
    package func current(_ kind: String) -> TokenIssued? {
        tokens.withLock { $0[kind] }
    }

    /// Whether a token service has told its state and has been heard since: then no token means that there is none.
    package var isFollowing: Bool { answered.load(ordering: .acquiring) }

    /// Follows until graceful shutdown or cancellation.
    package func run() async throws {
        let watch = try EndpointWatch(patterns, every: configuration.timing.rescan, logger: logger)
        watch.start { [mailbox] found in mailbox.tell { $0.addresses = found } }
        defer { watch.stop() }
        try await withTaskCancellationOrGracefulShutdownHandler {
            try await DedicatedThread.run("token-follower") { [self] in
                try TokenFollowerLoop(
                    timing: configuration.timing,
                    security: configuration.security,
                    mailbox: mailbox,
                    context: context,
                    logger: logger,
                    onFollowing: { [self] in answered.store($0, ordering: .releasing) },
                    onChange: { [self] in take($0, $1) }
                ).run()
            }
        } onCancelOrGracefulShutdown: { [mailbox] in
            mailbox.tell { $0.isStopped = true }
        }
    }

    private func take(_ kind: String, _ token: TokenIssued?) {
        tokens.withLock { $0[kind] = token }
        onChange(kind, token)
    }
}
