import EventStore
import GRDB
import Protocol

/// Counts one stream's messages, all from the index that holds them in their order.
struct ChatFigures {
    /// What one walk over the chatters found.
    struct Chatters {
        var chatters: [StreamStatistics.Chatter]
        /// Different people, and their messages, without those of other rooms.
        var people: Int
        var messages: Int
    }

    /// More stretches than this are of no use to anybody.
    private static let mostBuckets = 2880

    private let database: Database
    private let stream: String
    private let room: String

    init(_ database: Database, stream: String, room: String) {
        self.database = database
        self.stream = stream
        self.room = room
    }

    func lastMessage() throws -> Timestamp? {
        try String.fetchOne(
            database,
            sql: "SELECT max(sent_at) FROM chat_messages INDEXED BY idx_chat_stream_id WHERE stream_id = ?",
            arguments: [stream]
        ).flatMap { Timestamp(dateTimeText: $0) }
    }

    /// Counts here, not by GROUP BY: SQLite would sort a million rows for it, which takes three times as long.
    func topChatters(_ count: Int = 10) throws -> Chatters {
        let senders = try String.fetchCursor(
            database,
            sql: """
                SELECT chatter_user_id FROM chat_messages INDEXED BY idx_chat_stream_id
                WHERE stream_id = ?1 AND (source_broadcaster_user_id IS NULL OR source_broadcaster_user_id = ?2)
                """,
            arguments: [stream, room]
        )
        var counts: [String: Int] = [:]
        var messages = 0
        while let sender = try senders.next() {
            counts[sender, default: 0] += 1
            messages += 1
        }
        let top = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(count)
        return Chatters(
            chatters: try top.map { try chatter($0.key, messages: $0.value) },
            people: counts.count,
            messages: messages
        )
    }

    func messages(
        from start: Timestamp?,
        through end: Timestamp,
        chatters: Chatters
    ) throws -> StreamStatistics.Messages {
        let total =
            try Int.fetchOne(
                database,
                sql: "SELECT count(*) FROM chat_messages INDEXED BY idx_chat_stream_id WHERE stream_id = ?",
                arguments: [stream]
            ) ?? 0
        let minutes = start.map { max(0, end.rawValue - $0.rawValue) / 60_000 + 1 } ?? 0
        let bucketMinutes = max(1, (Int(minutes) + Self.mostBuckets - 1) / Self.mostBuckets)
        return StreamStatistics.Messages(
            total: total,
            fromSharedChat: total - chatters.messages,
            uniqueChatters: chatters.people,
            buckets: try start.map {
                try buckets(from: $0, count: (Int(minutes) + bucketMinutes - 1) / bucketMinutes, of: bucketMinutes)
            } ?? [],
            bucketSeconds: bucketMinutes * 60
        )
    }

    private func buckets(from start: Timestamp, count: Int, of minutes: Int) throws -> [Int] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT count(*) FROM chat_messages INDEXED BY idx_chat_stream_id
                WHERE stream_id = ? AND sent_at >= ? AND sent_at < ?
                """
        )
        return try (0..<count).map { index in
            let from = Timestamp(rawValue: start.rawValue + Int64(index * minutes) * 60_000)
            let next = Timestamp(rawValue: from.rawValue + Int64(minutes) * 60_000)
            return try Int.fetchOne(statement, arguments: [stream, from.dateTimeText, next.dateTimeText]) ?? 0
        }
    }

    /// A chatter by the name that they used last, in whatever channel.
    private func chatter(_ userID: String, messages: Int) throws -> StreamStatistics.Chatter {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT chatter_user_login, chatter_user_name FROM chat_messages INDEXED BY idx_chat_chatter_user_id
                WHERE chatter_user_id = ? ORDER BY rowid DESC LIMIT 1
                """,
            arguments: [userID]
        )
        let login: String = row?[0] ?? userID
        let name: String = row?[1] ?? ""
        return StreamStatistics.Chatter(
            userID: userID,
            userLogin: login,
            userName: name.isEmpty ? login : name,
            messages: messages
        )
    }
}
