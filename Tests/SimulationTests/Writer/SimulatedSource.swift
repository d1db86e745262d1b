import Protocol

@testable import EventBus
@testable import writer

/// The writer's end of its follower: waits in virtual time.
///
/// `@unchecked`: all tasks of a simulation run on its one thread.
final class SimulatedSource: EventSource, @unchecked Sendable {
    /// A task that waits for events or for time to pass.
    private struct Wait {
        var until: ContinuousClock.Instant
        var minimum: Int?
        var continuation: CheckedContinuation<Void, Never>
    }

    let follower: SimulatedFollower
    private let clock: SimulatedClock
    private let store: SimulatedStore
    private var waits: [Wait] = []
    private var isClosed = false
    /// The loop that was fed has ended by itself.
    var hasEnded = false

    init(_ follower: SimulatedFollower, clock: SimulatedClock, store: SimulatedStore) {
        self.follower = follower
        self.clock = clock
        self.store = store
    }

    func next(_ limit: Int, within wait: Duration) async -> [BusEvent]? {
        if !follower.queue.has(limit) { await pause(wait, orFor: limit) }
        guard !isClosed else { return nil }
        guard var events = follower.queue.take(limit) else { return nil }
        note(&events)
        return events
    }

    func follow(_ producer: String, from start: EventFollower.Start, partitions: Set<Int>?) async {
        follower.follow(producer, from: start, partitions: partitions)
    }

    var reach: BusReach { follower.reach }

    func acknowledge(_ producer: String, committed: [Int: Offset], database: String) {
        follower.acknowledge(producer, committed: committed, database: database)
    }

    /// Production's pauses are random; the seed alone is to decide what happens here.
    func sleep() async { await pause(.milliseconds(150), orFor: nil) }

    private func pause(_ duration: Duration, orFor minimum: Int?) async {
        guard !isClosed else { return }
        await withCheckedContinuation {
            waits.append(Wait(until: clock.now + duration, minimum: minimum, continuation: $0))
        }
    }

    /// The store is told of a truncation that the writer is about to look at.
    private func note(_ events: inout [BusEvent]) {
        guard case .truncated(let producer, _, _, _)? = events.first else { return }
        store.examined = producer
    }

    // MARK: The simulation's side

    /// Lets go on who has waited long enough.
    func wake() {
        let due = waits.filter { wait in
            wait.until <= clock.now || wait.minimum.map { follower.queue.has($0) } ?? false
        }
        waits.removeAll { wait in wait.until <= clock.now || wait.minimum.map { follower.queue.has($0) } ?? false }
        for wait in due { wait.continuation.resume() }
    }

    /// The process is gone.
    func kill() {
        isClosed = true
        let waiting = waits
        waits = []
        for wait in waiting { wait.continuation.resume() }
    }
}
