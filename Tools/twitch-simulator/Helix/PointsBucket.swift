/// The points of one client, or of one of its users: each request costs one, and every minute all come back.
struct PointsBucket: Sendable {
    static let window: Int64 = 60_000

    let limit: Int
    private(set) var remaining: Int
    private var refillsAt = Int64.min

    init(limit: Int) {
        self.limit = limit
        self.remaining = limit
    }

    /// Takes a point; `false` when there is none. `now` is uptime in milliseconds.
    mutating func take(at now: Int64) -> Bool {
        if now >= self.refillsAt {
            self.remaining = self.limit
            self.refillsAt = now + Self.window
        }
        guard self.remaining > 0 else { return false }
        self.remaining -= 1
        return true
    }

    /// Milliseconds until all points are back.
    func wait(at now: Int64) -> Int64 { max(0, self.refillsAt - now) }
}
