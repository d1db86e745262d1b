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
    /// The pause after any other refusal, the longest pause of all, and how often a joined channel is joined again to
    /// heal a part that we did not see.
    var reconciliation: Duration = .seconds(3600)

    /// `base` doubled `exponent` times, at most `reconciliation`.
    func backoff(_ base: Duration, doubled exponent: Int) -> Duration {
        min(base * (1 << max(0, min(exponent, 16))), reconciliation)
    }
}
