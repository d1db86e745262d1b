package import Testing

/// Waits until a condition holds; the test fails with `what` when it does not within the deadline.
///
/// The deadline is generous because machines are shared: it decides nothing but when to give up.
package func eventually(
    _ what: Comment,
    within deadline: Duration = .seconds(60),
    every interval: Duration = .milliseconds(20),
    sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let clock = ContinuousClock()
    let end = clock.now + deadline
    while clock.now < end {
        if try await condition() { return }
        try await clock.sleep(for: interval)
    }
    Issue.record("not within \(deadline): \(what)", sourceLocation: sourceLocation)
    throw NeverHappened(what: "\(what)")
}

/// A condition did not come true in time.
package struct NeverHappened: Error {
    package var what: String
}
