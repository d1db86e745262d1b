import Foundation

/// How a thread ended, for another thread that waits for it.
final class ThreadResult: Sendable {
    private let condition = NSCondition()
    // Only touched with the condition locked.
    nonisolated(unsafe) private var result: Result<Void, any Error>?

    func set(_ result: Result<Void, any Error>) {
        condition.withLock {
            unsafe self.result = result
            condition.broadcast()
        }
    }

    /// Blocks until the thread has ended.
    func wait() -> Result<Void, any Error> {
        condition.withLock {
            while true {
                if let result = unsafe result { return result }
                condition.wait()
            }
        }
    }
}
