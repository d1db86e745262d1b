import Logging
import Synchronization
import ZeroMQ

/// Decides who may connect to one producer's sockets, and keeps that decision fresh.
final class EndpointGuard: Sendable {
    private let security: BusSecurity
    private let names: [String]?
    private let domain: CurveDomain
    private let trusted: Mutex<TrustedKeys>
    /// How long a stranger's key is not told of again.
    private let silence: Duration
    /// When each stranger was last told of.
    private let told = Mutex<[String: ContinuousClock.Instant]>([:])

    /// Names that are not let in for now, and until when.
    private let suspended = Mutex<[String: ContinuousClock.Instant]>([:])

    /// Made-up keys, and faults, cost as many lines in that time at most.
    private static let mostStrangers = 8

    /// - Parameters:
    ///   - security: Own key, and the directory with the others'.
    ///   - names: Whose keys are let in; nil for all in the directory.
    ///   - label: The domain's name.
    ///   - silence: How long a stranger's key is not told of again: whoever is refused tries every few seconds.
    /// - Throws: Where libzmq cannot encrypt.
    init(_ security: BusSecurity, allowing names: [String]?, label: String, silence: Duration = .seconds(60))
        throws(ZeroMQError)
    {
        self.security = security
        self.names = names
        let trusted = security.trusted(names, keeping: .init())
        domain = try CurveAuthenticator.process.get().domain(label, allowing: trusted.names)
        self.trusted = Mutex(trusted)
        self.silence = silence
    }

    /// For sockets that are yet to be bound.
    var role: CurveRole { .server(security.pair, domain) }

    /// How a client must know this server.
    var publicKey: String { security.pair.publicKey }

    /// Says at start what is wrong with the list.
    func warn(_ logger: Logger) {
        let trusted = trusted.withLock { $0 }
        for fault in trusted.faults { logger.warning("a public key cannot be used", metadata: ["reason": "\(fault)"]) }
        guard trusted.names.isEmpty else { return }
        logger.warning(
            "no key may connect: nobody can follow this endpoint",
            metadata: [
                "bus.keys": "\(security.directory.path)",
                "expected": "\((names ?? ["*"]).map { $0 + ".pub" }.joined(separator: ", "))",
            ]
        )
    }

    /// Reads the public keys again, and tells of strangers that were refused. What cannot be read now keeps whom it named
    /// last: nobody is shut out because somebody uses up our descriptors.
    /// - Returns: Whether somebody lost access. libzmq asks only when a client connects, so the sockets must then be
    ///   bound anew.
    func refresh(_ logger: Logger, at now: ContinuousClock.Instant = .now) -> Bool {
        let previous = trusted.withLock { $0 }
        let fresh = security.trusted(names, keeping: previous)
        trusted.withLock { $0 = fresh }
        for fault in Set(fresh.faults).subtracting(previous.faults) where isNews(fault) {
            logger.warning("a public key cannot be used", metadata: ["reason": "\(fault)"])
        }
        tellRefused(logger)
        suspended.withLock { suspended in suspended = suspended.filter { $0.value > now } }
        allowTrustedOnly()
        guard fresh.keys != previous.keys else { return false }
        let gone = previous.keys.subtracting(fresh.keys)
        logger.notice(
            "the keys that may connect have changed",
            metadata: [
                "bus.allowed": "\(fresh.names.values.sorted().joined(separator: ", "))",
                "bus.removed": "\(gone.compactMap { previous.names[$0] }.sorted().joined(separator: ", "))",
            ]
        )
        return !gone.isEmpty
    }

    /// Lets nobody connect under a name for a while, since its owner misused the connection.
    func suspend(_ name: String, until end: ContinuousClock.Instant) {
        suspended.withLock { $0[name] = end }
        allowTrustedOnly()
    }

    /// Lets one more key in, for a test of the endpoint itself; `allowTrustedOnly` takes it back.
    func alsoAllow(_ key: String) {
        domain.allow(allowed.merging([key: "self-test"]) { known, _ in known })
    }

    /// Back to those of the directory.
    func allowTrustedOnly() {
        domain.allow(allowed)
    }

    /// Names by key, without those that are suspended.
    private var allowed: [String: String] {
        let suspended = suspended.withLock { Set($0.keys) }
        return trusted.withLock { $0.names }.filter { !suspended.contains($0.value) }
    }

    /// The public keys refused since the last call.
    func takeRefused() -> [String] { domain.takeRefused() }

    private func tellRefused(_ logger: Logger) {
        let refused = Set(domain.takeRefused())
        guard !refused.isEmpty else { return }
        let known = security.trusted(nil, keeping: .init()).names
        for key in refused.sorted() where isNews(key) {
            let hint =
                known[key].map { "\($0) has no business here" }
                ?? "put its .pub into \(security.directory.path) to allow it"
            logger.warning(
                "a client with a key that is not allowed was refused",
                metadata: ["bus.public_key": "\(key)", "hint": "\(hint)"]
            )
        }
    }

    private func isNews(_ key: String) -> Bool {
        told.withLock { told in
            let now = ContinuousClock.now
            if let last = told[key], now - last < silence { return false }
            if told.count >= Self.mostStrangers { told = told.filter { now - $0.value < silence } }
            // Still full: somebody makes up keys, and the log is not to be filled with them.
            guard told.count < Self.mostStrangers else { return false }
            told[key] = now
            return true
        }
    }
}
