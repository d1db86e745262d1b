import Dispatch

extension DispatchQueue {
    /// Runs work that blocks here instead of on the cooperative pool.
    func result<Value: Sendable>(of work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            self.async { continuation.resume(returning: work()) }
        }
    }
}
