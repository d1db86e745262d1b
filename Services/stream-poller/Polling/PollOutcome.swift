import TwitchAPI

/// How the requests of one poll went.
struct PollOutcome: Sendable {
    private(set) var answered = 0
    private(set) var failures: [HelixError] = []
    /// How many logins or ids the failed requests were about.
    private(set) var unanswered = 0
    /// Items in answers that could not be read; what was known of them stays.
    private(set) var unreadable = 0

    mutating func add<Item>(_ answer: HelixAnswer<Item>) {
        answered += answer.answered.count + answer.refused.count
        failures += answer.failures.map(\.error)
        unreadable += answer.unreadable
        unanswered += answer.failures.reduce(0) { $0 + $1.asked.count }
    }

    var result: PollerMetrics.Outcome {
        if failures.isEmpty { return .ok }
        return answered > 0 ? .partial : .failed
    }

    /// Why something was not answered, in one line.
    var trouble: String? { failures.first.map { "\($0)" } }
}
