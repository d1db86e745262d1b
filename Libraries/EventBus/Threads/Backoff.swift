/// How long to wait before the next try: doubles from `first` to `longest`, and starts over after a success.
struct Backoff: Sendable {
    private let first: Duration
    private let longest: Duration
    private var next: Duration

    init(first: Duration, longest: Duration) {
        self.first = first
        self.longest = longest
        next = first
    }

    /// The pause after one more failure.
    mutating func failed() -> Duration {
        defer { next = min(next * 2, longest) }
        return next
    }

    mutating func succeeded() {
        next = first
    }
}
