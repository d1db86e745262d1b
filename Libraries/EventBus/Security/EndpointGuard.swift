import Logging
import Synchronization
import ZeroMQ

/// Decides who may connect to one producer's sockets, and keeps that decision fresh.
final class EndpointGuard: Sendable {
    private let security: BusSecurity
    private let names: [String]?
    private let domain: CurveDomain
    private let trusted: Mutex<TrustedKeys>

    /// - Parameters:
    ///   - security: Own key, and the directory with the others'.
    ///   - names: Whose keys are let in; nil for all in the directory.
    ///   - label: The domain's name.
    init(_ security: BusSecurity, allowing names: [String]?, label: String) throws(ZeroMQError) {
        self.security = security
        self.names = names
        let trusted = security.trusted(names)
        domain = try CurveAuthenticator.process.get().domain(label, allowing: trusted.keys)
        self.trusted = Mutex(trusted)
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

    /// Reads the public keys again, and tells of strangers that were refused.
    /// - Returns: Whether somebody lost access. libzmq asks only when a client connects, so the sockets must then be
    ///   bound anew.
    func refresh(_ logger: Logger) -> Bool {
        let fresh = security.trusted(names)
        let previous = trusted.withLock { trusted in
            defer { trusted = fresh }
            return trusted
        }
        for fault in Set(fresh.faults).subtracting(previous.faults) {
            logger.warning("a public key cannot be used", metadata: ["reason": "\(fault)"])
        }
        tellRefused(logger)
        guard fresh.keys != previous.keys else { return false }
        domain.allow(fresh.keys)
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

    /// Lets one more key in, for a test of the endpoint itself; `allowTrustedOnly` takes it back.
    func alsoAllow(_ key: String) {
        domain.allow(trusted.withLock { $0.keys }.union([key]))
    }

    /// Back to those of the directory.
    func allowTrustedOnly() {
        domain.allow(trusted.withLock { $0.keys })
    }

    /// The public keys refused since the last call.
    func takeRefused() -> [String] { domain.takeRefused() }

    private func tellRefused(_ logger: Logger) {
        for key in Set(domain.takeRefused()).sorted() {
            logger.warning(
                "a client with an unknown key was refused",
                metadata: [
                    "bus.public_key": "\(key)", "hint": "put its .pub into \(security.directory.path) to allow it",
                ]
            )
        }
    }
}
