/// The follower's times, so that a test need not wait for them.
struct FollowerTiming: Sendable {
    /// A producer that says nothing for this long is reported.
    var silence: Duration = .seconds(5)
    /// A request without a reply for this long is sent again over a new connection.
    var requestTimeout: Duration = .seconds(5)
    /// How often endpoints are looked up again.
    var rescan: Duration = .seconds(2)
    /// After a HELLO that told nothing new the next one waits so long.
    var helloPause: Duration = .seconds(1)
    /// Who was heard within this time speaks at present: producers beat twice a second.
    var voice: Duration = .seconds(2)
    /// Shortest pause between two acknowledgements to one producer.
    var acknowledgePause: Duration = .milliseconds(200)
}
