import FoundationEssentials

/// How long the Helix client waits for what; tests bring clocks of their own.
package struct HelixTiming: Sendable {
    /// Until an answer must be complete.
    package var timeout: Duration = .seconds(10)
    /// How often a request is sent at most when Twitch fails or is silent.
    package var attempts = 3
    /// The bounds of the random wait between two attempts.
    package var firstBackoff: Duration = .milliseconds(500)
    package var longestBackoff: Duration = .seconds(5)
    /// How often to wait for the rate limit before giving up.
    package var rateLimitWaits = 3
    /// How long to wait for another token after one was refused.
    package var tokenWait: Duration = .seconds(10)
    /// Milliseconds since 1970.
    package var now: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1000) }
    /// Milliseconds of a clock that nobody sets.
    package var uptime: @Sendable () -> Int64 = { Int64((ContinuousClock.now - Self.epoch) / .milliseconds(1)) }
    package var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    private static let epoch = ContinuousClock.now

    package init() {}
}
