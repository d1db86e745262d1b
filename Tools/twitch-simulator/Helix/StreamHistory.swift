import DequeModule

/// What really was the case with one stream, whatever Get Streams said of it.
struct StreamRecord: Codable, Sendable, Equatable {
    var id: String
    var userID: String
    /// At the start.
    var login: String
    /// What Get Streams says; Unix time.
    var startedAtMilliseconds: Int64
    /// When it went on air and off it; Unix time. `nil`: it is on air.
    var onlineAtMilliseconds: Int64
    var offlineAtMilliseconds: Int64?

    // As the JSON coders' snake_case conversion needs them.
    private enum CodingKeys: String, CodingKey {
        case id
        case userID = "userId"
        case login
        case startedAtMilliseconds
        case onlineAtMilliseconds
        case offlineAtMilliseconds
    }
}

/// The answer of `GET /streams`.
struct StreamHistoryPage: Codable, Sendable {
    var streams: [StreamRecord]
}

/// The latest 10,000 streams, in the order of their starts.
struct StreamHistory: Sendable {
    private static let capacity = 10_000
    private(set) var records: Deque<StreamRecord> = []

    mutating func started(_ stream: LiveStream, login: String, at milliseconds: Int64) {
        if self.records.count >= Self.capacity { self.records.removeFirst() }
        self.records.append(
            StreamRecord(
                id: stream.id,
                userID: stream.userID,
                login: login,
                startedAtMilliseconds: stream.startedAt,
                onlineAtMilliseconds: milliseconds
            )
        )
    }

    mutating func ended(_ stream: LiveStream, at milliseconds: Int64) {
        guard let index = self.records.lastIndex(where: { $0.id == stream.id }) else { return }
        self.records[index].offlineAtMilliseconds = milliseconds
    }
}
