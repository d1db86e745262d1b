import DequeModule

/// One request to the authorization server, or one change of tokens. Never a token in clear.
struct AuditEntry: Codable, Sendable, Equatable {
    /// 1, 2, 3 …
    var sequence = 0
    /// Unix time.
    var atMilliseconds: Int64 = 0
    /// `token`, `validate`, `device`, `revoke` or `authorize`.
    var endpoint: String
    var clientID: String?
    var grantType: String?
    /// The answer's HTTP status; 0 when the connection was cut before anything was done.
    var status = 0
    /// The refusal's message.
    var message: String?
    var login: String?
    var userID: String?
    /// Of the access token issued, validated or revoked.
    var fingerprint: String?
    /// Of the refresh token that came with the request.
    var refreshFingerprint: String?
    /// Of the refresh token in the answer.
    var issuedRefreshFingerprint: String?
    /// A refresh token was used that had been exchanged before.
    var spentRefresh = false
    /// A device polled before its interval was over.
    var tooFast = false
    /// A fault on request befell the answer.
    var isFault = false

    init(endpoint: String) { self.endpoint = endpoint }

    // As the JSON coders' snake_case conversion needs them.
    private enum CodingKeys: String, CodingKey {
        case sequence
        case atMilliseconds
        case endpoint
        case clientID = "clientId"
        case grantType
        case status
        case message
        case login
        case userID = "userId"
        case fingerprint
        case refreshFingerprint
        case issuedRefreshFingerprint
        case spentRefresh
        case tooFast
        case isFault = "fault"
    }
}

/// The latest 10,000 entries.
struct AuditLog: Sendable {
    private static let capacity = 10_000
    private var entries: Deque<AuditEntry> = []
    private var sequence = 0

    mutating func append(_ entry: AuditEntry) {
        self.sequence += 1
        var numbered = entry
        numbered.sequence = self.sequence
        if self.entries.count >= Self.capacity { self.entries.removeFirst() }
        self.entries.append(numbered)
    }

    /// The entries with a higher number.
    func entries(after sequence: Int) -> [AuditEntry] { self.entries.filter { $0.sequence > sequence } }
}
