import GRDB
import Protocol

/// Rows of `chat_notices`, `chat_settings`, `collection_sessions` and `collection_backfills`.
struct ChannelRows {
    private static let noticeSQL = insertSQL(
        "chat_notices",
        [
            "event_id", "broadcaster_user_id", "broadcaster_user_login", "notice_id", "message_text", "received_at",
            "created_at", "raw", "raw_base64",
        ]
    )
    private static let settingsSQL = insertSQL(
        "chat_settings",
        [
            "event_id", "broadcaster_user_id", "broadcaster_user_login", "emote_mode", "follower_mode_minutes",
            "unique_chat_mode", "slow_mode_seconds", "subscriber_mode", "received_at", "created_at", "raw",
            "raw_base64",
        ]
    )
    private static let startedSQL = insertSQL(
        "collection_sessions",
        [
            "session_id", "broadcaster_user_id", "broadcaster_user_login", "gateway", "connection", "started_at",
            "created_at", "updated_at",
        ],
        onConflict: """
            ON CONFLICT (session_id) DO UPDATE SET started_at = excluded.started_at, updated_at = excluded.updated_at
            WHERE started_at IS NOT excluded.started_at
            """
    )
    private static let stoppedSQL = insertSQL(
        "collection_sessions",
        [
            "session_id", "broadcaster_user_id", "broadcaster_user_login", "gateway", "connection", "stopped_at",
            "stop_reason", "created_at", "updated_at",
        ],
        onConflict: """
            ON CONFLICT (session_id) DO UPDATE SET stopped_at = excluded.stopped_at,
                stop_reason = excluded.stop_reason, updated_at = excluded.updated_at
            WHERE stopped_at IS NULL OR (stop_reason = excluded.stop_reason AND stopped_at <> excluded.stopped_at)
            """
    )

    private static let backfilledSQL = insertSQL(
        "collection_backfills",
        [
            "event_id", "broadcaster_user_id", "broadcaster_user_login", "gateway", "source", "hole_started_at",
            "hole_ended_at", "is_complete", "message_before", "message_after", "lines_offered", "lines_published",
            "failure", "finished_at", "created_at",
        ]
    )

    private var notices: RowStatement
    private var settings: RowStatement
    private var started: RowStatement
    private var stopped: RowStatement
    private var backfilled: RowStatement

    init(_ database: Database) throws {
        notices = try RowStatement(Self.noticeSQL, in: database)
        settings = try RowStatement(Self.settingsSQL, in: database)
        started = try RowStatement(Self.startedSQL, in: database)
        stopped = try RowStatement(Self.stoppedSQL, in: database)
        backfilled = try RowStatement(Self.backfilledSQL, in: database)
    }

    mutating func insert(_ event: ChatNotice, eventID: String, now: Timestamp) throws -> Int {
        notices.begin()
        try notices.text(eventID)
        try notices.text(event.broadcasterUserID)
        try notices.text(event.broadcasterUserLogin)
        try notices.text(event.noticeID)
        try notices.text(event.message)
        try notices.time(event.receivedAt)
        try notices.time(now)
        try notices.raw(event.raw, base64: event.rawBase64)
        return try notices.run()
    }

    mutating func insert(_ event: ChatSettingsUpdate, eventID: String, now: Timestamp) throws -> Int {
        settings.begin()
        try settings.text(eventID)
        try settings.text(event.broadcasterUserID)
        try settings.text(event.broadcasterUserLogin)
        try settings.boolean(event.emoteMode)
        try settings.integer(event.followerModeMinutes)
        try settings.boolean(event.uniqueChatMode)
        try settings.integer(event.slowModeSeconds)
        try settings.boolean(event.subscriberMode)
        try settings.time(event.receivedAt)
        try settings.time(now)
        try settings.raw(event.raw, base64: event.rawBase64)
        return try settings.run()
    }

    mutating func insert(_ event: CollectionStarted, now: Timestamp) throws -> Int {
        started.begin()
        try started.text(event.sessionID)
        try started.text(event.broadcasterUserID)
        try started.text(event.broadcasterUserLogin)
        try started.text(event.gateway)
        try started.integer(event.connection)
        try started.time(event.startedAt)
        try started.time(now)
        try started.time(now)
        return try started.run()
    }

    /// Closes the session's row; one whose start was never seen gets a row without it.
    mutating func insert(_ event: CollectionStopped, now: Timestamp) throws -> Int {
        stopped.begin()
        try stopped.text(event.sessionID)
        try stopped.text(event.broadcasterUserID)
        try stopped.text(event.broadcasterUserLogin)
        try stopped.text(event.gateway)
        try stopped.integer(event.connection)
        try stopped.time(event.stoppedAt)
        try stopped.text(event.reason)
        try stopped.time(now)
        try stopped.time(now)
        return try stopped.run()
    }

    mutating func insert(_ event: CollectionBackfilled, eventID: String, now: Timestamp) throws -> Int {
        backfilled.begin()
        try backfilled.text(eventID)
        try backfilled.text(event.broadcasterUserID)
        try backfilled.text(event.broadcasterUserLogin)
        try backfilled.text(event.gateway)
        try backfilled.text(event.source)
        try backfilled.time(event.holeStartedAt)
        try backfilled.time(event.holeEndedAt)
        try backfilled.boolean(event.isComplete)
        try backfilled.text(event.messageBefore)
        try backfilled.text(event.messageAfter)
        try backfilled.integer(event.linesOffered)
        try backfilled.integer(event.linesPublished)
        try backfilled.text(event.failure)
        try backfilled.time(event.finishedAt)
        try backfilled.time(now)
        return try backfilled.run()
    }
}
