import EventStore

/// The prepared statements of everything but chat messages, by their names on the server.
enum RowStatement: String, CaseIterable, Sendable {
    case advance
    case deadLetter = "dead_letter"
    case gap
    case notification
    case deletion
    case ban
    case unban
    case clear
    case notice
    case settings
    case sessionStarted = "session_started"
    case sessionStopped = "session_stopped"
    case backfill
    case stream
    case sample
    case change
    case changeRemoved = "change_removed"
    case channelName = "channel_name"
    case attributionPending = "attribution_pending"
    case banCopy = "ban_copy"
    case clearCopy = "clear_copy"
    case noticeCopy = "notice_copy"
    case settingsCopy = "settings_copy"

    var sql: String {
        switch self {
        case .advance: Self.advanceSQL
        case .deadLetter:
            Self.insert("dead_letters", ["producer", "partition", "\"offset\"", "reason", "frame", "created_at"])
        case .gap:
            Self.insert(
                "collection_gaps",
                ["producer", "partition", "after_offset", "through_offset", "detected_at", "created_at"]
            )
        case .notification: Self.insert("chat_notifications", Self.notificationColumns)
        case .deletion: Self.deletionSQL
        case .ban:
            Self.insert(
                "user_banned_events",
                [
                    "broadcaster_user_id", "broadcaster_user_login", "broadcaster_user_name", "user_id", "user_login",
                    "user_name", "moderator_user_id", "moderator_user_login", "moderator_user_name", "reason",
                    "is_permanent", "duration_seconds", "ends_at", "banned_at", "received_at", "created_at", "raw",
                    "raw_base64", "stream_id", "event_id", "backfilled",
                ]
            )
        case .unban:
            Self.insert(
                "user_unbanned_events",
                [
                    "broadcaster_user_id", "broadcaster_user_login", "broadcaster_user_name", "user_id", "user_login",
                    "user_name", "moderator_user_id", "moderator_user_login", "moderator_user_name", "unbanned_at",
                    "received_at", "created_at", "raw", "raw_base64", "stream_id",
                ]
            )
        case .clear:
            Self.insert(
                "chat_clears",
                [
                    "broadcaster_user_id", "broadcaster_user_login", "cleared_at", "received_at", "created_at", "raw",
                    "raw_base64", "stream_id", "event_id", "backfilled",
                ]
            )
        case .notice:
            Self.insert(
                "chat_notices",
                [
                    "event_id", "broadcaster_user_id", "broadcaster_user_login", "notice_id", "message_text",
                    "received_at", "created_at", "raw", "raw_base64",
                ]
            )
        case .settings:
            Self.insert(
                "chat_settings",
                [
                    "event_id", "broadcaster_user_id", "broadcaster_user_login", "emote_mode", "follower_mode_minutes",
                    "unique_chat_mode", "slow_mode_seconds", "subscriber_mode", "received_at", "created_at", "raw",
                    "raw_base64",
                ]
            )
        case .sessionStarted:
            Self.insert(
                "collection_sessions",
                [
                    "session_id", "broadcaster_user_id", "broadcaster_user_login", "gateway", "connection",
                    "started_at", "created_at", "updated_at",
                ],
                onConflict: """
                    ON CONFLICT (session_id) DO UPDATE SET started_at = excluded.started_at,
                        updated_at = excluded.updated_at
                    WHERE collection_sessions.started_at IS DISTINCT FROM excluded.started_at
                    """
            )
        case .sessionStopped:
            Self.insert(
                "collection_sessions",
                [
                    "session_id", "broadcaster_user_id", "broadcaster_user_login", "gateway", "connection",
                    "stopped_at", "stop_reason", "created_at", "updated_at",
                ],
                onConflict: """
                    ON CONFLICT (session_id) DO UPDATE SET stopped_at = excluded.stopped_at,
                        stop_reason = excluded.stop_reason, updated_at = excluded.updated_at
                    WHERE collection_sessions.stopped_at IS NULL
                        OR (collection_sessions.stop_reason = excluded.stop_reason
                            AND collection_sessions.stopped_at <> excluded.stopped_at)
                    """
            )
        case .backfill:
            Self.insert(
                "collection_backfills",
                [
                    "event_id", "broadcaster_user_id", "broadcaster_user_login", "gateway", "source",
                    "hole_started_at", "hole_ended_at", "is_complete", "message_before", "message_after",
                    "lines_offered", "lines_published", "failure", "finished_at", "created_at",
                ]
            )
        case .stream: Self.streamSQL
        case .sample:
            Self.insert(
                "stream_samples",
                ["stream_id", "observed_at", "viewer_count"],
                onConflict: "ON CONFLICT (stream_id, observed_at) DO UPDATE SET viewer_count = excluded.viewer_count"
            )
        case .change:
            Self.insert(
                "stream_changes",
                ["stream_id", "changed_at", "title", "game_id", "game_name", "language", "is_mature", "tags"],
                onConflict: """
                    ON CONFLICT (stream_id, changed_at) DO UPDATE SET
                        title = excluded.title, game_id = excluded.game_id, game_name = excluded.game_name,
                        language = excluded.language, is_mature = excluded.is_mature, tags = excluded.tags
                    """
            )
        case .changeRemoved: "DELETE FROM stream_changes WHERE stream_id = $1 AND changed_at = $2"
        case .channelName: Self.channelNameSQL
        case .attributionPending:
            Self.insert(
                "attribution_pending",
                ["table_name", "broadcaster_user_id", "from_at", "through_at"],
                onConflict: """
                    ON CONFLICT (table_name, broadcaster_user_id, from_at) DO UPDATE
                        SET through_at = greatest(attribution_pending.through_at, excluded.through_at)
                    """
            )
        case .banCopy: Self.copy(in: .bans)
        case .clearCopy: Self.copy(in: .clears)
        case .noticeCopy: Self.copy(in: .notices)
        case .settingsCopy: Self.copy(in: .settings)
        }
    }

    /// The compare-and-set of all partitions of a batch; tells how many moved, and which server process did it.
    private static let advanceSQL = """
        WITH moves AS (
            SELECT * FROM unnest($1::text[], $2::int4[], $3::int8[], $4::int8[]) AS m (producer, partition, base, next)
        ), first AS (
            INSERT INTO bus_offsets (producer, partition, "offset", updated_at)
            SELECT producer, partition, next, $5::timestamptz FROM moves WHERE base = 0
            ON CONFLICT (producer, partition) DO UPDATE
                SET "offset" = excluded."offset", updated_at = excluded.updated_at WHERE bus_offsets."offset" = 0
            RETURNING 1
        ), further AS (
            UPDATE bus_offsets b SET "offset" = m.next, updated_at = $5::timestamptz FROM moves m
            WHERE m.base <> 0 AND b.producer = m.producer AND b.partition = m.partition AND b."offset" = m.base
            RETURNING 1
        )
        SELECT (SELECT count(*) FROM first) + (SELECT count(*) FROM further), pg_backend_pid()
        """

    private static let deletionSQL = """
        INSERT INTO message_deleted_events (broadcaster_user_id, broadcaster_user_login, broadcaster_user_name,
            target_user_id, target_user_login, target_user_name, message_id, message_text, is_action, deleted_at,
            received_at, created_at, raw, raw_base64, stream_id, backfilled)
        SELECT $1::text, $2::text, $2::text, coalesce($3::text, m.chatter_user_id), $4::text, m.chatter_user_name,
            $5::text, $6::text, $7::boolean, $8::timestamptz, $9::timestamptz, $10::timestamptz, $11::text, $12::text,
            $13::text, $14::boolean
        FROM (SELECT) AS one LEFT JOIN (
            SELECT chatter_user_id, chatter_user_name FROM chat_messages
            WHERE id = $5::text AND broadcaster_user_id = $1::text LIMIT 1
        ) AS m ON true
        ON CONFLICT DO NOTHING
        """

    private static let streamSQL = insert(
        "streams",
        [
            "stream_id", "user_id", "user_login", "user_name", "started_at", "observed_at", "viewer_count", "title",
            "game_id", "game_name", "language", "is_mature", "tags", "ended_at", "ended_at_basis", "end_known_at",
            "peak_viewer_count", "viewer_count_sum", "viewer_sample_count", "created_at", "updated_at",
        ],
        onConflict: """
            ON CONFLICT (stream_id) DO UPDATE SET user_login = excluded.user_login, user_name = excluded.user_name,
                started_at = excluded.started_at, observed_at = excluded.observed_at,
                viewer_count = coalesce(excluded.viewer_count, streams.viewer_count),
                title = coalesce(excluded.title, streams.title), game_id = coalesce(excluded.game_id, streams.game_id),
                game_name = coalesce(excluded.game_name, streams.game_name),
                language = coalesce(excluded.language, streams.language),
                is_mature = coalesce(excluded.is_mature, streams.is_mature),
                tags = CASE WHEN excluded.observed_at IS NULL THEN streams.tags ELSE excluded.tags END,
                ended_at = excluded.ended_at, ended_at_basis = excluded.ended_at_basis,
                end_known_at = excluded.end_known_at, peak_viewer_count = excluded.peak_viewer_count,
                viewer_count_sum = excluded.viewer_count_sum, viewer_sample_count = excluded.viewer_sample_count,
                updated_at = excluded.updated_at
            """
    )

    private static let channelNameSQL = insert(
        "channel_names",
        ["user_id", "seen_from", "user_login", "user_name", "previous_user_login", "created_at"],
        onConflict: """
            ON CONFLICT (user_id, seen_from) DO UPDATE SET user_login = excluded.user_login,
                user_name = excluded.user_name, previous_user_login = excluded.previous_user_login
            WHERE (excluded.user_login COLLATE "C", excluded.user_name COLLATE "C",
                    coalesce(excluded.previous_user_login, '') COLLATE "C")
                > (channel_names.user_login COLLATE "C", channel_names.user_name COLLATE "C",
                    coalesce(channel_names.previous_user_login, '') COLLATE "C")
            """
    )

    private static let notificationColumns = [
        "id", "broadcaster_user_id", "broadcaster_user_login", "chatter_user_id", "chatter_user_login",
        "chatter_user_name", "notice_type", "system_message", "message_text", "is_action", "color", "badges",
        "badge_info", "emotes", "parameters", "source_broadcaster_user_id", "source_message_id", "source_badges",
        "source_is_only", "source_notice_type", "is_subscriber", "is_moderator", "is_vip", "sent_at", "received_at",
        "created_at", "raw", "raw_base64", "stream_id", "backfilled",
    ]

    /// Notes in a row the id of an event that is a copy of it.
    private static func copy(in table: CopyTable) -> String {
        "UPDATE \(table.rawValue) SET copies = concat_ws(' ', copies, $1::text) WHERE event_id = $2"
    }

    /// A row that is there already, by any natural key, is left alone.
    private static func insert(
        _ table: String,
        _ columns: [String],
        onConflict: String = "ON CONFLICT DO NOTHING"
    ) -> String {
        let places = columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
        return "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(places)) \(onConflict)"
    }
}
