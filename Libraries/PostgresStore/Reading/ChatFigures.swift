import EventStore
import Protocol

/// Counts one stream's messages.
enum ChatFigures {
    /// Who said how much in this room.
    struct Chatters {
        /// The most talkative.
        var top: [StreamStatistics.Chatter]
        /// Different people, and their messages, without those of other rooms.
        var people: Int
        var messages: Int
    }

    /// More stretches than this are of no use to anybody.
    private static let mostBuckets = 2880
    private static let own = "(source_broadcaster_user_id IS NULL OR source_broadcaster_user_id = $2)"

    static func lastMessage(
        _ place: StreamPlace,
        _ connection: borrowing Connection
    ) throws(PostgresError) -> Timestamp? {
        let answer = try connection.query(
            "SELECT \(Answer.milliseconds("max(sent_at)")) FROM chat_messages WHERE stream_id = $1",
            StreamFacts.parameters(place.stream),
            within: PostgresArchiveReader.patience
        )
        return Answer.time(answer.value)
    }

    static func chatters(
        _ place: StreamPlace,
        _ connection: borrowing Connection,
        top count: Int = 10
    ) throws(PostgresError) -> Chatters {
        let counts = try connection.query(
            """
            SELECT coalesce(chatter_user_id, ''), count(*), count(*) OVER (), sum(count(*)) OVER () FROM chat_messages
            WHERE stream_id = $1 AND \(own) GROUP BY 1 ORDER BY 2 DESC, coalesce(chatter_user_id, '') COLLATE "C"
            LIMIT \(count)
            """,
            place.parameters,
            within: PostgresArchiveReader.patience
        )
        var top: [StreamStatistics.Chatter] = []
        for row in counts.rows {
            top.append(try chatter(row[0] ?? "", messages: row[1].flatMap { Int($0) } ?? 0, connection))
        }
        return Chatters(top: top, people: counts.number(2), messages: counts.number(3))
    }

    static func messages(
        _ place: StreamPlace,
        from start: Timestamp?,
        through end: Timestamp,
        chatters: Chatters,
        _ connection: borrowing Connection
    ) throws(PostgresError) -> StreamStatistics.Messages {
        let total = try connection.query(
            "SELECT count(*) FROM chat_messages WHERE stream_id = $1",
            StreamFacts.parameters(place.stream),
            within: PostgresArchiveReader.patience
        ).number(0)
        let minutes = start.map { Int(max(0, end.rawValue - $0.rawValue) / 60_000) + 1 } ?? 0
        let bucketMinutes = max(1, (minutes + mostBuckets - 1) / mostBuckets)
        var buckets = Array(repeating: 0, count: (minutes + bucketMinutes - 1) / bucketMinutes)
        if let start { try count(place, from: start, of: bucketMinutes, into: &buckets, connection) }
        return StreamStatistics.Messages(
            total: total,
            fromSharedChat: total - chatters.messages,
            uniqueChatters: chatters.people,
            buckets: buckets,
            bucketSeconds: bucketMinutes * 60
        )
    }

    private static func count(
        _ place: StreamPlace,
        from start: Timestamp,
        of minutes: Int,
        into buckets: inout [Int],
        _ connection: borrowing Connection
    ) throws(PostgresError) {
        var parameters = StreamFacts.parameters(place.stream)
        parameters.bigInteger(start.rawValue)
        parameters.bigInteger(Int64(minutes) * 60_000)
        let found = try connection.query(
            """
            SELECT (\(Answer.milliseconds("sent_at")) - $2::int8) / $3::int8, count(*) FROM chat_messages
            WHERE stream_id = $1 AND sent_at >= to_timestamp($2::int8 / 1000.0) GROUP BY 1
            """,
            parameters,
            within: PostgresArchiveReader.patience
        )
        for row in found.rows {
            guard let bucket = row[0].flatMap({ Int($0) }), buckets.indices.contains(bucket) else { continue }
            buckets[bucket] = row[1].flatMap { Int($0) } ?? 0
        }
    }

    /// A chatter by the name that they used last, in whatever channel.
    private static func chatter(
        _ userID: String,
        messages: Int,
        _ connection: borrowing Connection
    ) throws(PostgresError) -> StreamStatistics.Chatter {
        let row = try connection.query(
            """
            SELECT chatter_user_login, chatter_user_name FROM chat_messages
            WHERE chatter_user_id = $1 ORDER BY sent_at DESC LIMIT 1
            """,
            StreamFacts.parameters(userID),
            within: PostgresArchiveReader.patience
        ).rows.first
        let login = (row?[0] ?? nil) ?? userID
        let name = (row?[1] ?? nil) ?? ""
        return StreamStatistics.Chatter(
            userID: userID,
            userLogin: login,
            userName: name.isEmpty ? login : name,
            messages: messages
        )
    }
}
