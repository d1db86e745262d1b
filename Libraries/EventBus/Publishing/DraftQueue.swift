import DequeModule
import Protocol
import Synchronization
import ZeroMQ

/// What was handed to the publisher and is not yet committed: bounded by events and by bytes.
///
/// Publishers suspend while it is full, in the order in which they came; the commit thread takes.
final class DraftQueue: Sendable {
    private struct State {
        var drafts: Deque<EventDraft> = []
        var bytes = 0
        /// Taken and not yet committed.
        var taken = 0
        var waiters: Deque<Waiter> = []
        var nextWaiter = 0
        var isClosed = false
    }

    private struct Waiter {
        var number: Int
        var drafts: [EventDraft]
        var continuation: CheckedContinuation<Void, any Error>
    }

    private let state = Mutex(State())
    private let eventLimit: Int
    private let byteLimit: Int
    private let committer: WakeUp

    init(eventLimit: Int, byteLimit: Int, wakingUp committer: WakeUp) {
        self.eventLimit = eventLimit
        self.byteLimit = byteLimit
        self.committer = committer
    }

    /// Appends all of `drafts` as soon as the queue is below its bounds; returns when they are in it.
    func put(_ drafts: [EventDraft]) async throws {
        guard !drafts.isEmpty else { return }
        try Task.checkCancellation()
        let done = try state.withLock { state in
            guard !state.isClosed else { throw PublisherStopped() }
            guard state.waiters.isEmpty, hasRoom(state) else { return false }
            append(drafts, to: &state)
            return true
        }
        if done {
            committer.signal()
        } else {
            try await wait(with: drafts)
        }
    }

    private func wait(with drafts: [EventDraft]) async throws {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<Void, any Error>? = state.withLock { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.isClosed { return .failure(PublisherStopped()) }
                    if state.waiters.isEmpty, hasRoom(state) {
                        append(drafts, to: &state)
                        return .success(())
                    }
                    state.waiters.append(Waiter(number: number, drafts: drafts, continuation: continuation))
                    return nil
                }
                if let result {
                    committer.signal()
                    continuation.resume(with: result)
                }
            }
        } onCancel: {
            let waiter = state.withLock { state -> Waiter? in
                guard let place = state.waiters.firstIndex(where: { $0.number == number }) else { return nil }
                return state.waiters.remove(at: place)
            }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Takes the oldest, up to `limit` events and about `byteLimit` bytes, and lets waiting publishers in.
    func take(_ limit: Int, bytes byteLimit: Int) -> [EventDraft] {
        let (taken, admitted) = state.withLock { state in
            var count = 0
            var bytes = 0
            while count < min(limit, state.drafts.count), bytes < byteLimit {
                bytes += state.drafts[count].bytes
                count += 1
            }
            let taken = Array(state.drafts.prefix(count))
            state.drafts.removeFirst(count)
            state.bytes -= bytes
            state.taken = count
            var admitted: [CheckedContinuation<Void, any Error>] = []
            while hasRoom(state), let waiter = state.waiters.popFirst() {
                append(waiter.drafts, to: &state)
                admitted.append(waiter.continuation)
            }
            return (taken, admitted)
        }
        for continuation in admitted { continuation.resume() }
        return taken
    }

    /// Refuses what comes from now on, and those who wait. What is queued stays to be taken.
    func close() {
        let refused = state.withLock { state in
            state.isClosed = true
            defer { state.waiters.removeAll() }
            return state.waiters.map(\.continuation)
        }
        for continuation in refused { continuation.resume(throwing: PublisherStopped()) }
        committer.signal()
    }

    /// What was taken last is safe.
    func committed() { state.withLock { $0.taken = 0 } }

    /// What is queued and what was taken but is not yet safe.
    var uncommitted: Int { state.withLock { $0.drafts.count + $0.taken } }

    var count: Int { state.withLock { $0.drafts.count } }
    var waitingPublishers: Int { state.withLock { $0.waiters.count } }
    var isClosed: Bool { state.withLock { $0.isClosed } }

    private func hasRoom(_ state: borrowing State) -> Bool {
        state.drafts.count < eventLimit && state.bytes < byteLimit
    }

    private func append(_ drafts: [EventDraft], to state: inout State) {
        state.drafts.append(contentsOf: drafts)
        state.bytes += drafts.reduce(0) { $0 + $1.bytes }
    }
}

/// The publisher has stopped: what was handed in was not accepted.
package struct PublisherStopped: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String { "the publisher has stopped; the events were not accepted" }
}

extension EventDraft {
    /// What it costs to keep, roughly, in bytes.
    fileprivate var bytes: Int { data.count + subject.utf8.count + 96 }
}
