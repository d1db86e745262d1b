import EventStore
import FoundationEssentials
import GRDB
import Protocol

/// Rows of `chat_notifications`: subscriptions, gifts, raids, announcements and whatever else USERNOTICE tells.
struct ChatNotificationRows {
    private static let sql = insertSQL(
        "chat_notifications",
        [
            "id", "broadcaster_user_id", "broadcaster_user_login", "chatter_user_id", "chatter_user_login",
            "chatter_user_name", "notice_type", "system_message", "message_text", "is_action", "color", "badges",
            "badge_info", "emotes", "parameters", "source_broadcaster_user_id", "source_message_id", "source_badges",
            "source_is_only", "source_notice_type", "is_subscriber", "is_moderator", "is_vip", "sent_at", "received_at",
            "created_at", "raw", "raw_base64", "stream_id", "backfilled",
        ]
    )

    private var statement: RowStatement
    private let encoder = JSONEncoder()

    init(_ database: Database) throws {
        statement = try RowStatement(Self.sql, in: database)
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    mutating func insert(
        _ event: ChatNotification,
        stream: String?,
        eventID: @autoclosure () -> String,
        now: Timestamp
    ) throws -> Int {
        statement.begin()
        try statement.text(event.messageID.isEmpty ? eventID() : event.messageID)
        try statement.text(event.broadcasterUserID)
        try statement.text(event.broadcasterUserLogin)
        try statement.text(event.chatterUserID)
        try statement.text(event.chatterUserLogin)
        try statement.text(event.chatterUserName)
        try statement.text(event.noticeType)
        try statement.text(event.systemMessage)
        try statement.text(event.message.text)
        try statement.boolean(event.isAction)
        try statement.text(event.color)
        try statement.text(event.badges.badgesText)
        try statement.text(event.badges.badgeInfoText)
        try statement.text(event.message.emotes.emotesJSON)
        try statement.text(
            event.parameters.isEmpty ? nil : String(decoding: encoder.encode(event.parameters), as: UTF8.self)
        )
        try statement.text(event.source?.broadcasterUserID)
        try statement.text(event.source?.messageID)
        try statement.text(event.source?.badges.badgesText)
        try statement.boolean(event.source?.isOnly)
        try statement.text(event.source?.noticeType)
        try statement.boolean(event.isSubscriber)
        try statement.boolean(event.isModerator)
        try statement.boolean(event.isVIP)
        try statement.time(event.sentAt)
        try statement.time(event.receivedAt)
        try statement.time(now)
        try statement.raw(event.raw, base64: event.rawBase64)
        try statement.text(stream)
        try statement.boolean(event.backfilled)
        return try statement.run()
    }
}
