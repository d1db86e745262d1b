package import Testing

/// Waits until a condition holds; the test fails with `what` when it does not within the deadline.
///
/// `what` is made only then, so that it can tell what a program has said until the end of the wait.
/// The deadline is generous because machines are shared, and a disk that still writes what a build has left answers a sync
/// after seconds: it decides nothing but when to give up. A moment in which the whole test had no turn counts as a second
/// at most.
package func eventually(
    _ what: @autoclosure () -> Comment,
    within deadline: Duration = .seconds(180),
    every interval: Duration = .milliseconds(20),
    sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let clock = ContinuousClock()
    var waited = Duration.zero
    var last = clock.now
    while waited < deadline {
        if try await condition() { return }
        try await clock.sleep(for: interval)
        waited += min(clock.now - last, max(interval, .seconds(1)))
        last = clock.now
    }
    let missing = what()
    Issue.record("not within \(deadline): \(missing)", sourceLocation: sourceLocation)
    throw NeverHappened(what: "\(missing)")
}

/// A condition did not come true in time.
package struct NeverHappened: Error {
    package var what: String
}
