import Dispatch
import Synchronization

/// Bounds a wait. What does not come back in time is left behind: the command must end, whatever a resolver, a disk or a
/// server does.
enum Patience {
    struct Exhausted: Error, Hashable {
        var limit: Duration
    }

    /// Runs `body`, but waits no longer than `limit`; then it is cancelled and may go on for as long as it likes.
    static func limit<Result: Sendable>(
        _ limit: Duration,
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let race = Race<Result>()
        return try await withCheckedThrowingContinuation { continuation in
            race.begin(continuation)
            // Not children: a task group would wait for both.
            let work = Task {
                do {
                    race.finish(.success(try await body()))
                } catch {
                    race.finish(.failure(error))
                }
            }
            Task {
                try? await Task.sleep(for: limit)
                if race.finish(.failure(Exhausted(limit: limit))) { work.cancel() }
            }
        }
    }

    /// Runs what blocks on a thread of its own, so that the cooperative pool never waits for it.
    static func blocking<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Swift.Result { try body() }) }
        }
    }
}

/// A continuation that the first who finishes resumes.
private final class Race<Value: Sendable>: Sendable {
    private let waiting = Mutex<CheckedContinuation<Value, any Error>?>(nil)

    func begin(_ continuation: CheckedContinuation<Value, any Error>) {
        waiting.withLock { $0 = continuation }
    }

    @discardableResult
    func finish(_ result: Result<Value, any Error>) -> Bool {
        let continuation = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        continuation?.resume(with: result)
        return continuation != nil
    }
}
