import Foundation

/// A thread for a loop that blocks, so that the cooperative pool never does.
enum DedicatedThread {
    /// Runs `body` on a thread of its own and returns when it has ended.
    static func run(_ name: String, _ body: @escaping @Sendable () throws -> Void) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            start(name) {
                continuation.resume(with: Result { try body() })
            }
        }
    }

    /// Starts `body` on a thread that nobody waits for.
    static func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread(block: body)
        thread.name = name
        thread.start()
    }
}
