import EventStore
import Protocol

/// Chat messages on their way into `chat_messages`: binary COPY, straight or by way of a temporary table from where one
/// INSERT leaves alone what is there already. See `MessagePath`.
struct MessageStaging {
    private static let table = "staged_chat_messages"
    private static let columns = [
        "id", "broadcaster_user_id", "broadcaster_user_login", "broadcaster_user_name", "chatter_user_id",
        "chatter_user_login", "chatter_user_name", "message_text", "color", "badges", "bits", "message_type",
        "is_subscriber", "is_moderator", "is_vip", "is_first_message", "sent_at", "created_at", "received_at",
        "is_action", "is_returning_chatter", "badge_info", "emotes", "reply_parent_message_id", "reply_parent_user_id",
        "reply_parent_user_login", "reply_parent_user_name", "reply_parent_message_body", "reply_thread_message_id",
        "reply_thread_user_id", "reply_thread_user_login", "reply_thread_user_name", "channel_points_custom_reward_id",
        "channel_points_animation_id", "source_broadcaster_user_id", "source_message_id", "source_badges",
        "source_is_only", "raw", "raw_base64", "stream_id", "backfilled",
    ]
    private static let columnList = columns.joined(separator: ", ")
    private static let directSQL = "COPY chat_messages (\(columnList)) FROM STDIN (FORMAT binary)"
    private static let copySQL = "COPY \(table) (\(columnList)) FROM STDIN (FORMAT binary)"
    private static let insertSQL = """
        INSERT INTO chat_messages (\(columnList)) SELECT \(columnList) FROM \(table) ON CONFLICT DO NOTHING
        """
    private static let insert = "insert_staged"

    /// How many bytes are sent at once: while the server works on them the next ones are encoded.
    private static let piece = 64 << 10

    private var fields = BinaryFields.copy
    private var timeless: TimelessMessages
    private var sentBytes = 0
    private let now: Timestamp

    private init(now: Timestamp, capacity: Int, timeless: TimelessMessages) {
        self.now = now
        self.timeless = timeless
        fields.reserve(capacity * 1024)
    }

    /// Writes the messages of these events, and tells how many were not there yet.
    static func write(
        _ events: [Envelope],
        _ timelines: ChannelTimelines,
        _ connection: borrowing Connection,
        path: inout MessagePath,
        now: Timestamp
    ) throws(PostgresError) -> Int {
        let timeless = try TimelessMessages(among: events, connection)
        var staging = MessageStaging(now: now, capacity: events.count, timeless: timeless)
        switch path.next() {
        case .direct:
            try connection.run("SAVEPOINT direct")
            do throws(PostgresError) {
                try connection.beginCopy(directSQL)
                try staging.encode(events, timelines, sendingTo: connection)
                let rows = try connection.endCopy()
                path.wentThrough()
                return rows
            } catch  where error.sqlState == "23505" {
                path.collided()
                try connection.run("ROLLBACK TO SAVEPOINT direct")
            }
            // All of it is encoded and there to be sent again.
            try connection.beginCopy(copySQL)
            try connection.putCopy(staging.fields.bytes, 0..<staging.fields.bytes.count)
        case .staged:
            try connection.beginCopy(copySQL)
            try staging.encode(events, timelines, sendingTo: connection)
        }
        _ = try connection.endCopy()
        return try connection.execute(insert).changes
    }

    private mutating func encode(
        _ events: [Envelope],
        _ timelines: ChannelTimelines,
        sendingTo connection: borrowing Connection
    ) throws(PostgresError) {
        for envelope in events {
            guard case .chatMessage(let message) = envelope.event else { continue }
            let stream = timelines.stream(of: message.broadcasterUserID, at: message.sentAt)
            add(message, stream: stream, eventID: envelope.eventID)
            if fields.bytes.count - sentBytes >= Self.piece { try send(connection) }
        }
        fields.endRows()
        try send(connection)
    }

    private mutating func send(_ connection: borrowing Connection) throws(PostgresError) {
        try connection.putCopy(fields.bytes, sentBytes..<fields.bytes.count)
        sentBytes = fields.bytes.count
    }

    /// Makes the temporary table and the statement, once per connection.
    static func prepare(_ connection: borrowing Connection) throws(PostgresError) {
        try connection.run("CREATE TEMPORARY TABLE \(table) (LIKE chat_messages) ON COMMIT DELETE ROWS")
        try connection.prepare(insert, insertSQL)
    }

    /// Adds a message, unless it is there already and the key would not show it.
    private mutating func add(_ message: ChatMessage, stream: String?, eventID: @autoclosure () -> String) {
        let id = message.messageID.isEmpty ? eventID() : message.messageID
        guard timeless.takes(message, id: id) else { return }
        fields.beginRow(Self.columns.count)
        fields.text(id)
        fields.text(message.broadcasterUserID)
        fields.text(message.broadcasterUserLogin)
        fields.text(message.broadcasterUserLogin)
        fields.text(message.chatterUserID)
        fields.text(message.chatterUserLogin)
        fields.text(message.chatterUserName)
        fields.text(message.message.text)
        fields.text(message.color)
        fields.text(message.badges.badgesText)
        fields.integer(message.cheer?.bits)
        // The predecessor's word for a plain message, which its users' queries look for.
        fields.text(message.messageType == "text" ? "chat" : message.messageType)
        fields.boolean(message.isSubscriber)
        fields.boolean(message.isModerator)
        fields.boolean(message.isVIP)
        fields.boolean(message.isFirstMessage)
        fields.time(message.sentAt)
        fields.time(now)
        fields.time(message.receivedAt)
        fields.boolean(message.isAction)
        fields.boolean(message.isReturningChatter)
        fields.text(message.badges.badgeInfoText)
        fields.text(message.message.emotes.emotesJSON)
        add(message.reply)
        fields.text(message.channelPointsCustomRewardID)
        fields.text(message.channelPointsAnimationID)
        add(message.source)
        fields.raw(message.raw, base64: message.rawBase64)
        fields.text(stream)
        fields.boolean(message.backfilled)
    }

    private mutating func add(_ reply: Reply?) {
        guard let reply else { return fields.skip(9) }
        fields.text(reply.parentMessageID)
        fields.text(reply.parentUserID)
        fields.text(reply.parentUserLogin)
        fields.text(reply.parentUserName)
        fields.text(reply.parentMessageBody)
        fields.text(reply.threadMessageID)
        fields.text(reply.threadUserID)
        fields.text(reply.threadUserLogin)
        fields.text(reply.threadUserName)
    }

    private mutating func add(_ source: SharedChatSource?) {
        guard let source else { return fields.skip(4) }
        fields.text(source.broadcasterUserID)
        fields.text(source.messageID)
        fields.text(source.badges.badgesText)
        fields.boolean(source.isOnly)
    }
}
