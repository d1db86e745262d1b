import Logging
import ZeroMQ

/// Keeps a producer's sockets bound and its memory bounded: looks at keys, files, descriptors and subscriptions, and binds
/// anew where that helps. What cannot be looked at changes nothing, and what cannot be bound is tried again. For one thread.
final class SocketKeeper {
    typealias Instant = ContinuousClock.Instant

    /// Between two purges at least, so that who may stay is heard in between.
    private static let purgePause = Duration.seconds(5)
    /// For how long a key that misused its connection is not let in.
    private static let suspension = Duration.seconds(60)

    private let logger: Logger
    private let pacedLogger: PacedLogger
    private let descriptors: DescriptorUse
    private var nextPurge = Instant.now
    private var isPurged = false

    init(_ logger: Logger, descriptors: DescriptorUse = .init()) {
        self.logger = logger
        pacedLogger = PacedLogger(logger)
        self.descriptors = descriptors
    }

    /// Looks once. Takes milliseconds, where an address has to be bound anew half a second at most.
    /// - Returns: Why followers cannot connect now, one line; nil where they can.
    func keep(_ sockets: ProducerSockets, at now: Instant = .now) -> String? {
        if let overload = sockets.takeOverload() { tell(overload, of: sockets, now) }
        let hasLost = sockets.access?.refresh(logger, at: now) == true
        switch sockets.filesState {
        case .taken(let path):
            pacedLogger.error(
                "another process listens where this one should; stop it, or choose another BUS_BIND",
                metadata: ["file.path": "\(path)"]
            )
            return "another process listens at \(path), so that no follower can connect; stop it"
        case .removed:
            logger.warning(
                "the file of a socket was removed; it is bound again",
                metadata: ["bus.endpoint": "\(sockets.address)"]
            )
        case .inPlace:
            guard hasLost || !sockets.isOpen || isCrowded(sockets, now) else { return nil }
        }
        return bind(sockets)
    }

    private func bind(_ sockets: ProducerSockets) -> String? {
        do {
            try sockets.rebind()
            return nil
        } catch {
            pacedLogger.warning(
                "an endpoint cannot be bound just now; trying again",
                metadata: ["bus.endpoint": "\(sockets.address)", "error": "\(error)"]
            )
            return "no follower can connect: \(error); trying again"
        }
    }

    private func isCrowded(_ sockets: ProducerSockets, _ now: Instant) -> Bool {
        guard case .tcp = sockets.address.transport, now >= nextPurge, let count = descriptors.count else {
            return false
        }
        if isPurged {
            descriptors.purged(to: count)
            isPurged = false
        }
        guard descriptors.isCrowded(count) else { return false }
        nextPurge = now + Self.purgePause
        isPurged = true
        pacedLogger.warning(
            "too many connections: everybody has to connect anew",
            metadata: ["bus.endpoint": "\(sockets.address)", "count": "\(count)"]
        )
        return true
    }

    private func tell(_ overload: ProducerSockets.Overload, of sockets: ProducerSockets, _ now: Instant) {
        switch overload {
        case .subscriptions(let key):
            // Writers are never shut out: they would be missed more than anything they can do.
            if let key, BusRole(keyName: key) == .reader { sockets.access?.suspend(key, until: now + Self.suspension) }
            pacedLogger.warning(
                "followers have subscribed to too much: everybody has to connect anew",
                metadata: ["bus.endpoint": "\(sockets.address)", "bus.key": "\(key ?? "none")"]
            )
        case .fetchers:
            pacedLogger.warning(
                "too many connections have fetched: everybody has to connect anew",
                metadata: ["bus.endpoint": "\(sockets.address)"]
            )
        }
    }
}
