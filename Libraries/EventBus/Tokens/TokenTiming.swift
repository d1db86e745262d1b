/// The token endpoint's times, so that a test need not wait for them.
struct TokenTiming: Sendable {
    // The publisher's.
    var heartbeat: Duration = .milliseconds(500)
    /// Between two looks at the public keys.
    var access: Duration = .seconds(2)
    /// How long strangers try to read in the start-up test, at least and at most.
    var selfTest: ClosedRange<Duration> = .milliseconds(500)...(.seconds(20))

    // The follower's.
    /// Nothing heard for this long: connect anew.
    var silence: Duration = .seconds(3)
    /// A request without a reply for this long is sent again over a new connection.
    var requestTimeout: Duration = .seconds(2)
    /// How often endpoints are looked up again.
    var rescan: Duration = .seconds(2)
}
