package import Logging
package import Protocol
import ServiceLifecycle
import Synchronization
import ZeroMQ

/// Offers tokens to the services that need them: the token service's own endpoint.
///
/// There is no journal and nothing else is published here. Who connects asks for the state and follows the changes.
package final class TokenPublisher: Service, Sendable {
    package struct Configuration: Sendable {
        /// `STATE_DIR`.
        package var stateDirectory: String
        /// `BUS_BIND`; nil means `ipc://$STATE_DIR/bus/token-service-0`.
        package var bind: String?
        /// Own key and the directory of the others'; tcp cannot do without.
        package var security: BusSecurity?
        /// Whose keys may read tokens over tcp.
        package var allowed = ["irc-gateway", "stream-poller"]
        var clock = WallClock.system
        var timing = TokenTiming()

        package init(stateDirectory: String, bind: String? = nil, security: BusSecurity? = nil) {
            self.stateDirectory = stateDirectory
            self.bind = bind
            self.security = security
        }
    }

    /// What others want published, and what is offered.
    struct Contents {
        var ledger: TokenLedger
        /// Changes that are still to be sent live.
        var changes: [TokenLedger.Change] = []
        /// Before the strangers were refused nothing is sent, and SNAP is not answered.
        var isOpen = false
        var isStopped = false
    }

    /// Changes beyond this are not sent one by one: the heartbeat makes followers ask for the state.
    private static let mostChanges = 256

    let configuration: Configuration
    let lock: TokenLock
    let logger: Logger
    let contents: Mutex<Contents>
    let wakeUp: WakeUp
    private let address: BusAddress
    private let context: Context
    private let bound = Mutex<BusAddress?>(nil)

    /// Checks the place and takes the lock; binds nothing before `run()`.
    /// - Throws: `BusAddressError` for plain tcp, `BusSecurityError` for a directory that others may enter,
    ///   `TokenEndpointError` where another one runs, `JournalError` from the disk. Each is one line.
    package init(_ configuration: Configuration, logger: Logger) throws {
        address = try BusAddress(
            configuration.bind ?? "ipc://\(configuration.stateDirectory)/bus/token-service-0"
        )
        try TokenEndpoint.check(address, security: configuration.security)
        lock = try TokenLock(stateDirectory: configuration.stateDirectory, now: configuration.clock.now())
        self.configuration = configuration
        context = try Context.process.get()
        wakeUp = try WakeUp()
        contents = Mutex(Contents(ledger: TokenLedger(epoch: lock.epoch)))
        var logger = logger
        logger[metadataKey: "bus.producer"] = "\(lock.producer)"
        self.logger = logger
    }

    /// Where tokens are offered; nil until `run()` has bound it and strangers were refused.
    package var endpoint: String? { bound.withLock { $0?.description } }

    /// Offers a token instead of the one of its kind before. Before `run()` it is kept for then.
    ///
    /// One with the same or a lower version than any before it is ignored, and logged.
    package func issue(_ token: TokenIssued) {
        let isNew = publish { $0.issue(token) }
        if !isNew { logger.warning("a token of an old version was not published", metadata: ["token": "\(token)"]) }
    }

    /// Takes back a token: followers forget it.
    /// - Parameters:
    ///   - kind: `user` or `app`.
    ///   - fingerprint: Of the token meant, see `TokenFingerprint`; another one is not touched.
    ///   - reason: For people; never the token.
    package func withdraw(kind: String, fingerprint: String, reason: String) {
        let time = configuration.clock.now()
        publish { $0.withdraw(kind: kind, fingerprint: fingerprint, reason: reason, at: time) }
    }

    @discardableResult
    private func publish(_ change: (inout TokenLedger) -> TokenLedger.Change?) -> Bool {
        let isNew = contents.withLock { contents in
            guard let change = change(&contents.ledger) else { return false }
            if contents.isOpen, contents.changes.count < Self.mostChanges { contents.changes.append(change) }
            return true
        }
        if isNew { wakeUp.signal() }
        return isNew
    }

    /// Binds, checks that strangers are refused, and serves until graceful shutdown.
    package func run() async throws {
        try await withTaskCancellationOrGracefulShutdownHandler {
            try await DedicatedThread.run("bus-tokens") { [self] in try serve() }
        } onCancelOrGracefulShutdown: { [self] in
            contents.withLock { $0.isStopped = true }
            wakeUp.signal()
        }
    }

    private func serve() throws {
        defer { lock.close() }
        let sockets = try makeSockets()
        defer { sockets.close() }
        if let access = sockets.access {
            access.warn(logger)
            try StrangerTest(of: self, on: sockets, access: access, context: context).run()
        } else if case .ipc(let path) = sockets.address.transport, try !PrivateDirectory.check(of: path) {
            throw BusSecurityError("the directory of ipc://\(path) is gone; start again")
        }
        contents.withLock { $0.isOpen = true }
        bound.withLock { $0 = sockets.address }
        logger.info(
            "offering tokens",
            metadata: ["bus.endpoint": "\(sockets.address)", "bus.encrypted": "\(sockets.access != nil)"]
        )
        try TokenServeLoop(self, on: sockets).run()
    }

    private func makeSockets() throws -> ProducerSockets {
        var access: EndpointGuard?
        if case .tcp = address.transport, let security = configuration.security {
            access = try EndpointGuard(
                security,
                allowing: configuration.allowed,
                label: "tokens",
                silence: configuration.timing.access * 30
            )
        }
        return try ProducerSockets(address, heads: [:], access: access, context: context)
    }
}
