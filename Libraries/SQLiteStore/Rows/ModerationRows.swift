import GRDB
import Protocol

/// Rows of `message_deleted_events`, `user_banned_events`, `user_unbanned_events` and `chat_clears`.
struct ModerationRows {
    private static let deletedSQL = """
        INSERT INTO message_deleted_events (broadcaster_user_id, broadcaster_user_login, broadcaster_user_name,
            target_user_id, target_user_login, target_user_name, message_id, message_text, is_action, deleted_at,
            received_at, created_at, raw, raw_base64, stream_id, backfilled)
        VALUES (?1, ?2, ?2,
            coalesce(?3, (SELECT chatter_user_id FROM chat_messages WHERE id = ?5 AND broadcaster_user_id = ?1)),
            ?4, (SELECT chatter_user_name FROM chat_messages WHERE id = ?5 AND broadcaster_user_id = ?1),
            ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
        ON CONFLICT DO NOTHING
        """
    private static let bannedSQL = insertSQL(
        "user_banned_events",
        [
            "broadcaster_user_id", "broadcaster_user_login", "broadcaster_user_name", "user_id", "user_login",
            "user_name", "moderator_user_id", "moderator_user_login", "moderator_user_name", "reason", "is_permanent",
            "duration_seconds", "ends_at", "banned_at", "received_at", "created_at", "raw", "raw_base64", "stream_id",
            "event_id", "backfilled",
        ]
    )
    private static let unbannedSQL = insertSQL(
        "user_unbanned_events",
        [
            "broadcaster_user_id", "broadcaster_user_login", "broadcaster_user_name", "user_id", "user_login",
            "user_name", "moderator_user_id", "moderator_user_login", "moderator_user_name", "unbanned_at",
            "received_at", "created_at", "raw", "raw_base64", "stream_id",
        ]
    )
    private static let clearedSQL = insertSQL(
        "chat_clears",
        [
            "broadcaster_user_id", "broadcaster_user_login", "cleared_at", "received_at", "created_at", "raw",
            "raw_base64", "stream_id", "event_id", "backfilled",
        ]
    )

    private var deleted: RowStatement
    private var banned: RowStatement
    private var unbanned: RowStatement
    private var cleared: RowStatement

    init(_ database: Database) throws {
        deleted = try RowStatement(Self.deletedSQL, in: database)
        banned = try RowStatement(Self.bannedSQL, in: database)
        unbanned = try RowStatement(Self.unbannedSQL, in: database)
        cleared = try RowStatement(Self.clearedSQL, in: database)
    }

    mutating func insert(
        _ event: ChatMessageDelete,
        stream: String?,
        eventID: @autoclosure () -> String,
        now: Timestamp
    ) throws -> Int {
        deleted.begin()
        try deleted.text(event.broadcasterUserID)
        try deleted.text(event.broadcasterUserLogin)
        try deleted.text(event.targetUserID)
        try deleted.text(event.targetUserLogin)
        try deleted.text(event.messageID.isEmpty ? eventID() : event.messageID)
        try deleted.text(event.text)
        try deleted.boolean(event.isAction)
        try deleted.time(event.deletedAt)
        try deleted.time(event.receivedAt)
        try deleted.time(now)
        try deleted.raw(event.raw, base64: event.rawBase64)
        try deleted.text(stream)
        try deleted.boolean(event.backfilled)
        return try deleted.run()
    }

    mutating func insert(_ event: Ban, stream: String?, eventID: String, now: Timestamp) throws -> Int {
        banned.begin()
        try banned.text(event.broadcasterUserID)
        try banned.text(event.broadcasterUserLogin)
        try banned.text(event.broadcasterUserLogin)
        try banned.text(event.userID)
        try banned.text(event.userLogin)
        // IRC tells the login only; a display name would have to be guessed.
        try banned.text(event.userLogin)
        try banned.text(event.moderatorUserID)
        try banned.text(event.moderatorUserLogin)
        banned.null()
        try banned.text(event.reason)
        try banned.boolean(event.isPermanent)
        try banned.integer(event.durationSeconds)
        try banned.time(event.endsAt)
        try banned.time(event.bannedAt)
        try banned.time(event.receivedAt)
        try banned.time(now)
        try banned.raw(event.raw, base64: event.rawBase64)
        try banned.text(stream)
        try banned.text(eventID)
        try banned.boolean(event.backfilled)
        return try banned.run()
    }

    mutating func insert(_ event: Unban, stream: String?, now: Timestamp) throws -> Int {
        unbanned.begin()
        try unbanned.text(event.broadcasterUserID)
        try unbanned.text(event.broadcasterUserLogin)
        try unbanned.text(event.broadcasterUserLogin)
        try unbanned.text(event.userID)
        try unbanned.text(event.userLogin)
        try unbanned.text(event.userLogin)
        try unbanned.text(event.moderatorUserID)
        try unbanned.text(event.moderatorUserLogin)
        unbanned.null()
        try unbanned.time(event.unbannedAt)
        try unbanned.time(event.receivedAt)
        try unbanned.time(now)
        try unbanned.raw(event.raw, base64: event.rawBase64)
        try unbanned.text(stream)
        return try unbanned.run()
    }

    mutating func insert(_ event: ChatClear, stream: String?, eventID: String, now: Timestamp) throws -> Int {
        cleared.begin()
        try cleared.text(event.broadcasterUserID)
        try cleared.text(event.broadcasterUserLogin)
        try cleared.time(event.clearedAt)
        try cleared.time(event.receivedAt)
        try cleared.time(now)
        try cleared.raw(event.raw, base64: event.rawBase64)
        try cleared.text(stream)
        try cleared.text(eventID)
        try cleared.boolean(event.backfilled)
        return try cleared.run()
    }
}
