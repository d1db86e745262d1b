package import Protocol

/// How a stream's time is divided for counting its messages: stretches of whole minutes from its start.
package struct MessageBuckets: Hashable, Sendable {
    /// More stretches than this are of no use to anybody.
    private static let most = 2880

    /// The length of each.
    package let minutes: Int
    /// How many there are; none where the start is not known.
    package let count: Int

    package init(from start: Timestamp?, through end: Timestamp) {
        let whole = start.map { Int(max(0, end.rawValue - $0.rawValue) / 60_000) + 1 } ?? 0
        minutes = max(1, (whole + Self.most - 1) / Self.most)
        count = (whole + minutes - 1) / minutes
    }
}

/// What one walk over a stream's chatters found.
package struct ChatterCount: Hashable, Sendable {
    /// The most talkative, in order.
    package var top: [StreamStatistics.Chatter]
    /// Different people.
    package var people: Int
    /// Their messages, without those of other rooms.
    package var messages: Int

    package init(top: [StreamStatistics.Chatter], people: Int, messages: Int) {
        self.top = top
        self.people = people
        self.messages = messages
    }
}

extension StreamStatistics.Messages {
    /// - Parameters:
    ///   - total: All rows.
    ///   - chatters: Who said them in this room.
    ///   - counts: The rows of each bucket.
    ///   - buckets: How the time is divided.
    package init(total: Int, chatters: ChatterCount, counts: [Int], in buckets: MessageBuckets) {
        self.init(
            total: total,
            fromSharedChat: total - chatters.messages,
            uniqueChatters: chatters.people,
            buckets: counts,
            bucketSeconds: buckets.minutes * 60
        )
    }
}

extension StreamStatistics.Chatter {
    /// A chatter by the names of a row, which may be missing.
    package init(userID: String, login: String?, name: String?, messages: Int) {
        let login = login ?? userID
        let name = name ?? ""
        self.init(userID: userID, userLogin: login, userName: name.isEmpty ? login : name, messages: messages)
    }
}
