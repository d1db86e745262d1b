/// Turns a rate into the number of lines that are due.
struct Pacer {
    /// Lines per second.
    private(set) var rate: Double
    private var startedAt: Int64
    private var taken: Double = 0

    init(rate: Double, at now: Int64) {
        self.rate = rate
        self.startedAt = now
    }

    mutating func set(rate: Double, at now: Int64) {
        self.rate = rate
        self.startedAt = now
        self.taken = 0
    }

    /// Lines due since the last call, at most `limit`. What is later than one second is given up, so that a
    /// machine that was asleep does not flood its readers.
    mutating func due(at now: Int64, limit: Int) -> Int {
        guard self.rate > 0 else { return 0 }
        let owed = Double(now - self.startedAt) / 1e9 * self.rate
        if owed - self.taken > max(1, self.rate) { self.taken = owed - max(1, self.rate) }
        let count = min(limit, Int(owed - self.taken))
        self.taken += Double(count)
        return count
    }

    /// Nanoseconds until the next line is due.
    func wait(at now: Int64) -> Int64 {
        guard self.rate > 0 else { return .max }
        let next = Double(self.startedAt) + (self.taken + 1) / self.rate * 1e9
        return max(0, Int64(next) - now)
    }
}
