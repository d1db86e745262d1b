/// Full-jitter exponential backoff: each wait is random between zero and a bound that doubles up to a cap.
///
/// The randomness keeps many clients that failed at once from coming back at once.
package struct Backoff: Sendable {
    /// The bound of the first wait.
    package let base: Duration
    /// The largest bound.
    package let cap: Duration
    private var attempt = 0

    /// `base` and `cap` are positive; `cap` is at least `base`.
    package init(base: Duration, cap: Duration) {
        self.base = base
        self.cap = max(base, cap)
    }

    /// How long to wait now.
    package mutating func next() -> Duration {
        var generator = SystemRandomNumberGenerator()
        return self.next(using: &generator)
    }

    /// How long to wait now, with randomness from `generator`.
    package mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        let bound = self.bound
        self.attempt += 1
        return bound * Double.random(in: 0..<1, using: &generator)
    }

    /// The longest that ``next()`` can return now.
    package var bound: Duration {
        // 2^20 seconds are twelve days: further doublings cannot matter and could overflow.
        min(self.cap, self.base * (1 << min(self.attempt, 20)))
    }

    /// After a success: the next wait is short again.
    package mutating func reset() { self.attempt = 0 }
}
