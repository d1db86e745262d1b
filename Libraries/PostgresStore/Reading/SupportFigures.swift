import EventStore
import Protocol

/// Counts one stream's subscriptions, gifts, bits and raids.
enum SupportFigures {
    static func support(
        _ place: StreamPlace,
        _ connection: borrowing Connection
    ) throws(PostgresError) -> StreamSupport {
        var tally = SupportTally(room: place.room)
        let bits = try connection.query(
            """
            SELECT coalesce(sum(bits), 0), count(*) FROM chat_messages WHERE stream_id = $1 AND bits IS NOT NULL
                AND (source_broadcaster_user_id IS NULL OR source_broadcaster_user_id = $2)
            """,
            place.parameters,
            within: PostgresArchiveReader.patience
        )
        tally.cheer(bits: bits.number(0), messages: bits.number(1))
        let notices = try connection.query(
            """
            SELECT coalesce(notice_type, ''), source_notice_type, source_broadcaster_user_id,
                \(Answer.milliseconds("sent_at")), coalesce(chatter_user_login, ''), coalesce(chatter_user_name, ''),
                parameters
            FROM chat_notifications WHERE stream_id = $1 ORDER BY sent_at
            """,
            StreamFacts.parameters(place.stream),
            within: PostgresArchiveReader.patience
        )
        for row in notices.rows {
            guard let at = Answer.time(row[3]) else { continue }
            let notice = SupportTally.Notice(
                kind: row[0] ?? "",
                sourceKind: row[1],
                sourceRoom: row[2],
                at: at,
                userLogin: row[4] ?? "",
                userName: row[5] ?? ""
            )
            tally.take(notice, parametersJSON: row[6])
        }
        return tally.support
    }
}
