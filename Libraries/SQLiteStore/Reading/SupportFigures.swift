import EventStore
import GRDB
import Protocol

/// Counts one stream's subscriptions, gifts, bits and raids.
struct SupportFigures {
    private let database: Database
    private let stream: String
    private let room: String

    init(_ database: Database, stream: String, room: String) {
        self.database = database
        self.stream = stream
        self.room = room
    }

    func support() throws -> StreamSupport {
        var tally = SupportTally(room: room)
        let bits = try Row.fetchOne(
            database,
            sql: """
                SELECT coalesce(sum(bits), 0), count(*) FROM chat_messages INDEXED BY idx_chat_bits
                WHERE stream_id = ?1 AND bits IS NOT NULL
                    AND (source_broadcaster_user_id IS NULL OR source_broadcaster_user_id = ?2)
                """,
            arguments: [stream, room]
        )
        tally.cheer(bits: bits?[0] ?? 0, messages: bits?[1] ?? 0)
        let notices = try Row.fetchCursor(
            database,
            sql: """
                SELECT notice_type, source_notice_type, source_broadcaster_user_id, sent_at, chatter_user_login,
                    chatter_user_name, parameters
                FROM chat_notifications WHERE stream_id = ? ORDER BY sent_at
                """,
            arguments: [stream]
        )
        while let row = try notices.next() {
            guard let at = Timestamp(dateTimeText: row[3]) else { continue }
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
