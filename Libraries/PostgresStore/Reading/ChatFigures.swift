import EventStore
import Protocol

/// Counts one stream's messages.
enum ChatFigures {
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
    ) throws(PostgresError) -> ChatterCount {
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
        return ChatterCount(top: top, people: counts.number(2), messages: counts.number(3))
    }

    static func messages(
        _ place: StreamPlace,
        from start: Timestamp?,
        through end: Timestamp,
        chatters: ChatterCount,
        _ connection: borrowing Connection
    ) throws(PostgresError) -> StreamStatistics.Messages {
        let total = try connection.query(
            "SELECT count(*) FROM chat_messages WHERE stream_id = $1",
            StreamFacts.parameters(place.stream),
            within: PostgresArchiveReader.patience
        ).number(0)
        let buckets = MessageBuckets(from: start, through: end)
        var counts = Array(repeating: 0, count: buckets.count)
        if let start { try count(place, from: start, of: buckets.minutes, into: &counts, connection) }
        return StreamStatistics.Messages(total: total, chatters: chatters, counts: counts, in: buckets)
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
        return StreamStatistics.Chatter(userID: userID, login: row?[0] ?? nil, name: row?[1] ?? nil, messages: messages)
    }
}
