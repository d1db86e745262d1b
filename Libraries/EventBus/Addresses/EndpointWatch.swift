import Logging
import Synchronization
import ZeroMQ

/// Finds out, again and again, which producers the configured endpoints stand for.
///
/// On a thread of its own, because resolving a name can take many seconds.
final class EndpointWatch: Sendable {
    private let patterns: [EndpointPattern]
    private let interval: Duration
    private let logger: PacedLogger
    private let wakeUp: WakeUp
    private let isStopped = Atomic(false)

    init(_ patterns: [EndpointPattern], every interval: Duration, logger: Logger) throws(ZeroMQError) {
        self.patterns = patterns
        self.interval = interval
        self.logger = PacedLogger(logger)
        wakeUp = try WakeUp()
    }

    /// Calls `found` with all addresses at once and after each interval, until `stop()`.
    func start(_ found: @escaping @Sendable (Set<BusAddress>) -> Void) {
        DedicatedThread.start("bus-endpoints") { [self] in
            // By pattern: what cannot be found out now stays as it was.
            var last: [EndpointPattern: [BusAddress]] = [:]
            while !isStopped.load(ordering: .acquiring) {
                for pattern in patterns {
                    if let addresses = look(pattern) { last[pattern] = addresses }
                }
                found(Set(last.values.joined()))
                guard (try? wakeUp.wait(interval)) != nil else { return }
            }
        }
    }

    /// What a pattern stands for; nothing where a socket there is not to be trusted, nil where nobody knows.
    private func look(_ pattern: EndpointPattern) -> [BusAddress]? {
        do throws(BusSecurityError) {
            return try pattern.addresses()
        } catch {
            logger.error(
                "a socket is not our user's and is not followed",
                about: pattern.address.description,
                metadata: ["bus.endpoint": "\(pattern.address)", "reason": "\(error)"]
            )
            return []
        }
    }

    /// Ends the thread, at once or after the name it is asking for. Nobody waits for it.
    func stop() {
        isStopped.store(true, ordering: .releasing)
        wakeUp.signal()
    }
}
