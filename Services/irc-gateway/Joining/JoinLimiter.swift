/// How many JOINs an identity may send: at most `limit` in any window of the given length.
///
/// Twitch allows 20 in 10 s and does not say when its bucket refills: a sliding window that is a little longer is right
/// whatever the answer is, and absorbs lines that bunch up on their way.
struct JoinLimiter: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// May change: what was sent before still counts.
    var limit: Int
    private let window: Duration
    private var sent: [Instant] = []

    init(limit: Int = 20, window: Duration = .milliseconds(11_000)) {
        self.limit = limit
        self.window = window
    }

    /// Takes up to `wanted` permits and returns how many there were. Each channel of a comma list needs one.
    mutating func take(_ wanted: Int, at now: Instant) -> Int {
        sent.removeAll { now - $0 >= window }
        let granted = max(0, min(wanted, limit - sent.count))
        sent.append(contentsOf: repeatElement(now, count: granted))
        return granted
    }
}
