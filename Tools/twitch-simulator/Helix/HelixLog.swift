import DequeModule

/// One request to Helix. Never a token in clear.
struct HelixCall: Codable, Sendable, Equatable {
    /// 1, 2, 3 …
    var sequence = 0
    /// Unix time.
    var atMilliseconds: Int64 = 0
    /// `users`, `streams` or `channels`.
    var endpoint: String
    /// The answer's HTTP status; 0 when the connection was cut before anything was done.
    var status = 0
    /// The refusal's message.
    var message: String?
    var clientID: String?
    /// Of a user token's user.
    var login: String?
    /// Of the token.
    var fingerprint: String?
    /// How often each parameter was given.
    var parameters: [String: Int] = [:]
    /// Items in the answer.
    var items = 0
    /// Points left afterwards.
    var remaining: Int?
    /// A fault on request befell the answer.
    var isFault = false

    init(endpoint: String) { self.endpoint = endpoint }

    // As the JSON coders' snake_case conversion needs them.
    private enum CodingKeys: String, CodingKey {
        case sequence
        case atMilliseconds
        case endpoint
        case status
        case message
        case clientID = "clientId"
        case login
        case fingerprint
        case parameters
        case items
        case remaining
        case isFault = "fault"
    }
}

/// The answer of `GET /helix-log`.
struct HelixLogPage: Codable, Sendable {
    /// All requests since the start.
    var total: Int
    /// The same by endpoint and status: `{"streams":{"200":12}}`.
    var counts: [String: [String: Int]]
    /// The latest ones.
    var calls: [HelixCall]
}

/// Counts every call and remembers the latest 10,000.
struct HelixLog: Sendable {
    private static let capacity = 10_000
    private var calls: Deque<HelixCall> = []
    private var counts: [String: [String: Int]] = [:]
    private var sequence = 0

    mutating func append(_ call: HelixCall) {
        self.sequence += 1
        var numbered = call
        numbered.sequence = self.sequence
        if self.calls.count >= Self.capacity { self.calls.removeFirst() }
        self.calls.append(numbered)
        self.counts[call.endpoint, default: [:]][String(call.status), default: 0] += 1
    }

    /// The counts, and the calls with a higher number.
    func page(after sequence: Int) -> HelixLogPage {
        HelixLogPage(
            total: self.sequence,
            counts: self.counts,
            calls: self.calls.filter { $0.sequence > sequence }
        )
    }
}
