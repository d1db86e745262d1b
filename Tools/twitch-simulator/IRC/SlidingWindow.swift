/// Counts attempts in the last `length` nanoseconds.
struct SlidingWindow {
    let limit: Int
    let length: Int64
    private var attempts: [Int64] = []

    init(limit: Int, length: Int64) {
        self.limit = limit
        self.length = length
    }

    /// Records an attempt. An attempt over the limit counts too: Twitch limits attempts, not successes.
    ///
    /// - Returns: whether it is within the limit.
    mutating func attempt(at now: Int64) -> Bool {
        self.attempts.removeAll { now - $0 >= self.length }
        self.attempts.append(now)
        // Whoever floods is over the limit anyway: what is kept stays bounded.
        if self.attempts.count > self.limit + 1 { self.attempts.removeFirst() }
        return self.attempts.count <= self.limit
    }
}
