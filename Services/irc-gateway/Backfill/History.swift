import Protocol

/// A service that remembers what was said in channels.
protocol History: Sendable {
    /// Its host: for messages and records.
    var source: String { get }

    /// The newest lines of a channel between two times, oldest first.
    func lines(of login: String, _ request: HistoryRequest) async throws(HistoryFailure) -> HistoryAnswer
}

/// Which lines are wanted.
struct HistoryRequest: Hashable, Sendable {
    /// Only what the service received later than this.
    var after: Timestamp?
    /// Only what the service received earlier than this.
    var before: Timestamp?
    var limit: Int
}

/// What a history service said.
struct HistoryAnswer: Hashable, Sendable {
    /// Raw IRC lines, oldest first.
    var messages: [String] = []
    /// Such as `channel_not_joined`: the lines may be incomplete.
    var errorCode: String?
}

/// Why there is no answer.
enum HistoryFailure: Error, Hashable, Sendable {
    /// The service cannot be reached, is overloaded or broken: later it may answer.
    case unavailable(String, retryAfter: Duration?)
    /// It will not answer this request, however often it is asked.
    case refused(String)

    /// One word or line, for a person and the archive.
    var reason: String {
        switch self {
        case .unavailable(let reason, _), .refused(let reason): reason
        }
    }
}
