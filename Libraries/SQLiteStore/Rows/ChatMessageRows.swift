import EventStore
import GRDB
import Protocol

/// Rows of `chat_messages`.
struct ChatMessageRows {
    private static let sql = insertSQL(
        "chat_messages",
        [
            "id", "broadcaster_user_id", "broadcaster_user_login", "broadcaster_user_name",
            "chatter_user_id", "chatter_user_login", "chatter_user_name", "message_text", "color", "badges", "bits",
            "message_type", "is_subscriber", "is_moderator", "is_vip", "is_first_message", "sent_at", "created_at",
            "received_at", "is_action", "is_returning_chatter", "badge_info", "emotes",
            "reply_parent_message_id", "reply_parent_user_id", "reply_parent_user_login", "reply_parent_user_name",
            "reply_parent_message_body", "reply_thread_message_id", "reply_thread_user_id",
            "reply_thread_user_login", "reply_thread_user_name",
            "channel_points_custom_reward_id", "channel_points_animation_id",
            "source_broadcaster_user_id", "source_message_id", "source_badges", "source_is_only",
            "raw", "raw_base64", "stream_id", "backfilled",
        ]
    )

    private var statement: RowStatement

    init(_ database: Database) throws {
        statement = try RowStatement(Self.sql, in: database)
    }

    mutating func insert(
        _ message: ChatMessage,
        stream: String?,
        eventID: @autoclosure () -> String,
        now: Timestamp
    ) throws -> Int {
        statement.begin()
        try statement.text(message.messageID.isEmpty ? eventID() : message.messageID)
        try statement.text(message.broadcasterUserID)
        try statement.text(message.broadcasterUserLogin)
        try statement.text(message.broadcasterUserLogin)
        try statement.text(message.chatterUserID)
        try statement.text(message.chatterUserLogin)
        try statement.text(message.chatterUserName)
        try statement.text(message.message.text)
        try statement.text(message.color)
        try statement.text(message.badges.badgesText)
        try statement.integer(message.cheer?.bits)
        // The predecessor's word for a plain message, which its users' queries look for.
        try statement.text(message.messageType == "text" ? "chat" : message.messageType)
        try statement.boolean(message.isSubscriber)
        try statement.boolean(message.isModerator)
        try statement.boolean(message.isVIP)
        try statement.boolean(message.isFirstMessage)
        try statement.time(message.sentAt)
        try statement.time(now)
        try statement.time(message.receivedAt)
        try statement.boolean(message.isAction)
        try statement.boolean(message.isReturningChatter)
        try statement.text(message.badges.badgeInfoText)
        try statement.text(message.message.emotes.emotesJSON)
        try bind(message.reply)
        try statement.text(message.channelPointsCustomRewardID)
        try statement.text(message.channelPointsAnimationID)
        try bind(message.source)
        try statement.raw(message.raw, base64: message.rawBase64)
        try statement.text(stream)
        try statement.boolean(message.backfilled)
        return try statement.run()
    }

    private mutating func bind(_ reply: Reply?) throws {
        guard let reply else { return statement.skip(9) }
        try statement.text(reply.parentMessageID)
        try statement.text(reply.parentUserID)
        try statement.text(reply.parentUserLogin)
        try statement.text(reply.parentUserName)
        try statement.text(reply.parentMessageBody)
        try statement.text(reply.threadMessageID)
        try statement.text(reply.threadUserID)
        try statement.text(reply.threadUserLogin)
        try statement.text(reply.threadUserName)
    }

    private mutating func bind(_ source: SharedChatSource?) throws {
        guard let source else { return statement.skip(4) }
        try statement.text(source.broadcasterUserID)
        try statement.text(source.messageID)
        try statement.text(source.badges.badgesText)
        try statement.boolean(source.isOnly)
    }
}
