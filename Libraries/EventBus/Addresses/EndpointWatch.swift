import Synchronization
import ZeroMQ

/// Finds out, again and again, which producers the configured endpoints stand for.
///
/// On a thread of its own, because resolving a name can take many seconds.
final class EndpointWatch: Sendable {
    private let patterns: [EndpointPattern]
    private let interval: Duration
    private let wakeUp: WakeUp
    private let isStopped = Atomic(false)

    init(_ patterns: [EndpointPattern], every interval: Duration) throws(ZeroMQError) {
        self.patterns = patterns
        self.interval = interval
        wakeUp = try WakeUp()
    }

    /// Calls `found` with all addresses at once and after each interval, until `stop()`.
    func start(_ found: @escaping @Sendable (Set<BusAddress>) -> Void) {
        DedicatedThread.start("bus-endpoints") { [self] in
            while !isStopped.load(ordering: .acquiring) {
                found(Set(patterns.flatMap { $0.addresses() }))
                guard (try? wakeUp.wait(interval)) != nil else { return }
            }
        }
    }

    /// Ends the thread, at once or after the name it is asking for. Nobody waits for it.
    func stop() {
        isStopped.store(true, ordering: .releasing)
        wakeUp.signal()
    }
}
