import EventStore
import GRDB
import Protocol

/// Counts one stream's messages, all from the index that holds them in their order.
struct ChatFigures {
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
    func topChatters(_ count: Int = 10) throws -> ChatterCount {
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
        return ChatterCount(
            top: try top.map { try chatter($0.key, messages: $0.value) },
            people: counts.count,
            messages: messages
        )
    }

    func messages(
        from start: Timestamp?,
        through end: Timestamp,
        chatters: ChatterCount
    ) throws -> StreamStatistics.Messages {
        let total =
            try Int.fetchOne(
                database,
                sql: "SELECT count(*) FROM chat_messages INDEXED BY idx_chat_stream_id WHERE stream_id = ?",
                arguments: [stream]
            ) ?? 0
        let buckets = MessageBuckets(from: start, through: end)
        return StreamStatistics.Messages(
            total: total,
            chatters: chatters,
            counts: try start.map { try counts(from: $0, in: buckets) } ?? [],
            in: buckets
        )
    }

    private func counts(from start: Timestamp, in buckets: MessageBuckets) throws -> [Int] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT count(*) FROM chat_messages INDEXED BY idx_chat_stream_id
                WHERE stream_id = ? AND sent_at >= ? AND sent_at < ?
                """
        )
        return try (0..<buckets.count).map { index in
            let from = Timestamp(rawValue: start.rawValue + Int64(index * buckets.minutes) * 60_000)
            let next = Timestamp(rawValue: from.rawValue + Int64(buckets.minutes) * 60_000)
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
        return StreamStatistics.Chatter(userID: userID, login: row?[0], name: row?[1], messages: messages)
    }
}
