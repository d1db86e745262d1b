package import Dispatch
import Logging
import ServiceLifecycle
import Synchronization

/// Notices the beginning of the end, and ends the process when services ignore both the request and the cancellation.
///
/// It stands last in the group, because a group is stopped from its end.
package final class StopDeadline: Service {
    /// Services are asked to stop, and cancelled after this long.
    package static let graceful: Duration = .milliseconds(4500)
    /// The process ends after this long, whatever its services do: the journals are crash-safe.
    package static let final: DispatchTimeInterval = .milliseconds(4900)

    private let isStoppingFlag = Atomic<Bool>(false)
    private let isDisarmed = Atomic<Bool>(false)
    private let health: Health
    private let final: DispatchTimeInterval
    private let onExpiry: @Sendable () -> Void

    /// `onExpiry` ends the process, `final` after the services were asked to stop.
    package init(
        health: Health,
        final: DispatchTimeInterval = StopDeadline.final,
        onExpiry: @escaping @Sendable () -> Void
    ) {
        self.health = health
        self.final = final
        self.onExpiry = onExpiry
    }

    /// Whether the services were asked to stop.
    package var isStopping: Bool { self.isStoppingFlag.load(ordering: .acquiring) }

    /// Returns when the services are asked to stop.
    package func run() async {
        try? await gracefulShutdown()
        self.isStoppingFlag.store(true, ordering: .releasing)
        self.health.report("lifecycle", reason: "the service is stopping")
        // Not a task: the cooperative pool may be what hangs.
        DispatchQueue.global().asyncAfter(deadline: .now() + self.final) {
            if !self.isDisarmed.load(ordering: .acquiring) { self.onExpiry() }
        }
    }

    /// All services have stopped: what the process does from now on is not limited.
    package func disarm() { self.isDisarmed.store(true, ordering: .releasing) }
}
