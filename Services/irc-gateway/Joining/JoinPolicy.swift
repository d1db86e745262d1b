/// When a JOIN is repeated.
struct JoinPolicy: Hashable, Sendable {
    /// How long an answer may take.
    var answer: Duration = .seconds(10)
    /// The first pause after a JOIN without an answer, or after we were dropped; doubled each time.
    var retry: Duration = .seconds(2)
    /// JOINs without an answer after which the channel counts as refused.
    var attemptsBeforeRefusal = 3
    /// The first pause after silence has become a refusal; doubled each time.
    var silentRetry: Duration = .seconds(60)
    /// The pause after Twitch said that there are too many channels.
    var limitRetry: Duration = .seconds(300)
    /// The first pause after a refusal, or after we were dropped, while the channel shows that it is there; doubled each time.
    var aliveRetry: Duration = .seconds(30)
    /// The longest of these.
    var longestAliveRetry: Duration = .seconds(600)
    /// The least time between a refusal and the next JOIN, whatever is told of the channel.
    var leastPause: Duration = .seconds(5)
    /// How long a live channel may be silent before it is joined again to see whether we are in it; doubled each time.
    var silence: Duration = .seconds(60)
    /// The pause after any other refusal, the longest pause of all, and how often a joined channel is joined again to
    /// heal a part that we did not see.
    var reconciliation: Duration = .seconds(3600)

    /// `base` doubled `exponent` times, at most `reconciliation`.
    func backoff(_ base: Duration, doubled exponent: Int) -> Duration {
        min(base * (1 << max(0, min(exponent, 16))), reconciliation)
    }
}
