/// What the writer's loop takes from the machine: time, and the threads that its tasks run on. A simulation brings its own.
struct LoopTime: Sendable {
    var now: @Sendable () -> ContinuousClock.Instant
    /// Returns early when the task is cancelled.
    var sleep: @Sendable (Duration) async -> Void
    /// Nil: the machine's threads.
    var executor: (any TaskExecutor)?

    static let system = LoopTime(now: { .now }, sleep: { try? await Task.sleep(for: $0) })
}
