import DequeModule
import Protocol
import Synchronization
import ZeroMQ

/// What was received and not yet taken by the consumer: bounded by events and by bytes.
///
/// The follower's thread puts, the consumer takes. While it is full the thread neither receives nor fetches.
final class DeliveryQueue: Sendable {
    /// One thing to deliver, and which `follow` it belongs to.
    struct Delivery: Sendable {
        var event: BusEvent
        var producer: String
        /// The number of the producer's `follow`; what belongs to an earlier one is never delivered.
        var generation: Int
    }

    private struct State {
        var deliveries: Deque<Delivery> = []
        var bytes = 0
        var generations: [String: Int] = [:]
        var waiters: [Int: Waiter] = [:]
        var nextWaiter = 0
        var isFinished = false
        /// The receiving thread stopped because the queue was full, and wants to be woken.
        var isReceiverPaused = false
    }

    private struct Waiter {
        var minimum: Int
        var continuation: CheckedContinuation<Void, Never>
    }

    private let state = Mutex(State())
    private let eventLimit: Int
    private let byteLimit: Int
    private let receiver: WakeUp

    init(eventLimit: Int, byteLimit: Int, wakingUp receiver: WakeUp) {
        self.eventLimit = max(1, eventLimit)
        self.byteLimit = byteLimit
        self.receiver = receiver
    }

    // MARK: The follower's thread

    /// Whether there is room. If not, the receiver is woken as soon as there is.
    func hasRoom() -> Bool {
        state.withLock { state in
            let hasRoom = state.deliveries.count < eventLimit && state.bytes < byteLimit
            state.isReceiverPaused = !hasRoom
            return hasRoom
        }
    }

    /// Appends, except what was made stale by a later `follow`. Never refuses: the caller asks `hasRoom()` before it
    /// receives or fetches, so that the bound is passed by one page at most.
    func put(_ deliveries: [Delivery]) {
        guard !deliveries.isEmpty else { return }
        let ready = state.withLock { state in
            for delivery in deliveries where delivery.generation >= state.generations[delivery.producer, default: 0] {
                state.deliveries.append(delivery)
                state.bytes += delivery.event.bytes
            }
            return takeReadyWaiters(&state)
        }
        for waiter in ready { waiter.resume() }
    }

    /// No more will come.
    func finish() {
        let ready = state.withLock { state in
            state.isFinished = true
            return takeReadyWaiters(&state)
        }
        for waiter in ready { waiter.resume() }
    }

    // MARK: The consumer

    /// Discards what is queued of a producer and returns the number of its next generation.
    func restart(_ producer: String) -> Int {
        let (generation, wasPaused) = state.withLock { state in
            state.deliveries.removeAll { $0.producer == producer && $0.event.isDiscardedByFollow }
            state.bytes = state.deliveries.reduce(0) { $0 + $1.event.bytes }
            state.generations[producer, default: 0] += 1
            let wasPaused = state.isReceiverPaused
            state.isReceiverPaused = false
            return (state.generations[producer, default: 0], wasPaused)
        }
        if wasPaused { receiver.signal() }
        return generation
    }

    /// Takes up to `limit`; nil when everything was taken and no more will come.
    func take(_ limit: Int) -> [BusEvent]? {
        let (events, wasPaused): ([BusEvent]?, Bool) = state.withLock { state in
            guard !state.deliveries.isEmpty else { return (state.isFinished ? nil : [], false) }
            let count = min(max(0, limit), state.deliveries.count)
            let events = state.deliveries.prefix(count).map(\.event)
            state.deliveries.removeFirst(count)
            for event in events { state.bytes -= event.bytes }
            let hasRoom = state.deliveries.count <= eventLimit / 2 && state.bytes <= byteLimit / 2
            let wakes = state.isReceiverPaused && hasRoom
            if wakes { state.isReceiverPaused = false }
            return (events, wakes)
        }
        if wasPaused { receiver.signal() }
        return events
    }

    /// Returns when there are at least `minimum`, or the queue is full, or finished, or the task is cancelled.
    func wait(for minimum: Int) async {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if Task.isCancelled || isEnough(minimum, state) { return true }
                    state.waiters[number] = Waiter(minimum: minimum, continuation: continuation)
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: number) }?.continuation.resume()
        }
    }

    /// Whether `wait(for:)` would return at once.
    func has(_ minimum: Int) -> Bool {
        state.withLock { isEnough(minimum, $0) }
    }

    var count: Int { state.withLock { $0.deliveries.count } }

    private func isEnough(_ minimum: Int, _ state: borrowing State) -> Bool {
        state.isFinished || state.deliveries.count >= min(minimum, eventLimit) || state.bytes >= byteLimit
    }

    private func takeReadyWaiters(_ state: inout State) -> [CheckedContinuation<Void, Never>] {
        guard !state.waiters.isEmpty else { return [] }
        let ready = state.waiters.filter { isEnough($0.value.minimum, state) }
        for number in ready.keys { state.waiters.removeValue(forKey: number) }
        return ready.values.map(\.continuation)
    }
}

extension BusEvent {
    /// What it costs to keep, roughly, in bytes.
    fileprivate var bytes: Int {
        guard case .event(let event) = self else { return 64 }
        return event.frame.count + 96
    }

    /// Whether going back to earlier offsets makes it void. An introduction stays: it is about the producer.
    fileprivate var isDiscardedByFollow: Bool {
        switch self {
        case .event, .truncated, .missed, .overrun: true
        case .producer, .acknowledged, .silent: false
        }
    }
}
