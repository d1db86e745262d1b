import Protocol
import Synchronization

/// Time that passes only when the simulation says so. The wall clock may be moved, the other never goes back.
final class SimulatedClock: Sendable {
    private struct State {
        var elapsed = Duration.zero
        var moved = Duration.zero
    }

    private let start = ContinuousClock.now
    private let state = Mutex(State())

    var elapsed: Duration { state.withLock { $0.elapsed } }
    var now: ContinuousClock.Instant { start + elapsed }

    /// What a machine's clock shows; it begins in January 2027.
    var wall: Timestamp {
        let passed = state.withLock { $0.elapsed + $0.moved }
        return Timestamp(milliseconds: 1_800_000_000_000 + Int64(passed / .milliseconds(1)))
    }

    func advance(by duration: Duration) { state.withLock { $0.elapsed += duration } }

    func move(by duration: Duration) { state.withLock { $0.moved += duration } }
}
