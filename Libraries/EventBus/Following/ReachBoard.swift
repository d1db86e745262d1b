package import Protocol
import Synchronization

/// What a follower hears at a moment.
package struct BusReach: Hashable, Sendable {
    /// The producers whose live events arrive and that answer requests.
    package var heard: [HeardProducer]
    /// Who speaks and is not followed, and why: one line each.
    package var refusals: [String]

    package init(heard: [HeardProducer] = [], refusals: [String] = []) {
        self.heard = heard
        self.refusals = refusals
    }
}

/// Where the follower's thread writes what it hears, and its consumer reads it.
final class ReachBoard: Sendable {
    private let state = Mutex(BusReach())

    var reach: BusReach { state.withLock { $0 } }

    func write(_ reach: BusReach) { state.withLock { $0 = reach } }
}
