import Synchronization

/// Something that happens once and that several tasks may wait for. The first value stays.
final class Signal<Value: Sendable>: Sendable {
    private enum State {
        case waiting(next: Int, [Int: CheckedContinuation<Value?, Never>])
        case fired(Value)
    }

    private let state = Mutex(State.waiting(next: 0, [:]))

    /// The value, once there is one.
    var value: Value? {
        state.withLock { if case .fired(let value) = $0 { value } else { nil } }
    }

    /// Sets the value and wakes everybody. Later calls change nothing.
    func fire(_ value: Value) {
        let waiters = state.withLock { state -> [CheckedContinuation<Value?, Never>] in
            guard case .waiting(_, let waiters) = state else { return [] }
            state = .fired(value)
            return Array(waiters.values)
        }
        for waiter in waiters { waiter.resume(returning: value) }
    }

    /// Waits for the value; nil when the waiting task is cancelled first.
    func wait() async -> Value? {
        let number = state.withLock { state -> Int in
            guard case .waiting(let next, let waiters) = state else { return 0 }
            state = .waiting(next: next + 1, waiters)
            return next
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                self.enlist(continuation, as: number)
            }
        } onCancel: {
            self.dismiss(number)
        }
    }

    /// Waits for the value, but no longer than this; nil when the time is over.
    func wait(upTo duration: Duration) async -> Value? {
        if let value { return value }
        return await withTaskGroup(of: Value?.self) { group in
            group.addTask { await self.wait() }
            group.addTask {
                try? await Task.sleep(for: duration)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }

    private func enlist(_ continuation: CheckedContinuation<Value?, Never>, as number: Int) {
        let answer: Value?? = state.withLock { state in
            switch state {
            case .fired(let value): return .some(value)
            case .waiting(let next, var waiters):
                if Task.isCancelled { return .some(nil) }
                waiters[number] = continuation
                state = .waiting(next: next, waiters)
                return nil
            }
        }
        if let answer { continuation.resume(returning: answer) }
    }

    private func dismiss(_ number: Int) {
        let waiter = state.withLock { state -> CheckedContinuation<Value?, Never>? in
            guard case .waiting(let next, var waiters) = state else { return nil }
            let waiter = waiters.removeValue(forKey: number)
            state = .waiting(next: next, waiters)
            return waiter
        }
        waiter?.resume(returning: nil)
    }
}
