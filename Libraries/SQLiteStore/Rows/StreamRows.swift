import FoundationEssentials
import GRDB
import Protocol

/// Rows of `streams`: one a stream, holding its latest snapshot.
struct StreamRows {
    private static let snapshotSQL = insertSQL(
        "streams",
        [
            "stream_id", "user_id", "user_login", "user_name", "game_id", "game_name", "title", "viewer_count",
            "language", "is_mature", "tags", "started_at", "created_at", "updated_at",
        ],
        onConflict: """
            ON CONFLICT (stream_id) DO UPDATE SET user_login = excluded.user_login, user_name = excluded.user_name,
                game_id = excluded.game_id, game_name = excluded.game_name, title = excluded.title,
                viewer_count = excluded.viewer_count, language = excluded.language, is_mature = excluded.is_mature,
                tags = excluded.tags, started_at = coalesce(excluded.started_at, started_at),
                updated_at = excluded.updated_at
            """
    )
    private static let endSQL = insertSQL(
        "streams",
        [
            "stream_id", "user_id", "user_login", "user_name", "ended_at", "ended_at_basis", "created_at",
            "updated_at",
        ],
        onConflict: """
            ON CONFLICT (stream_id) DO UPDATE SET ended_at = excluded.ended_at,
                ended_at_basis = excluded.ended_at_basis, updated_at = excluded.updated_at
            """
    )

    private var snapshot: RowStatement
    private var end: RowStatement

    init(_ database: Database) throws {
        snapshot = try RowStatement(Self.snapshotSQL, in: database)
        end = try RowStatement(Self.endSQL, in: database)
    }

    mutating func upsert(_ event: StreamOnline, now: Timestamp) throws -> Int {
        snapshot.begin()
        try snapshot.text(event.streamID)
        try snapshot.text(event.broadcasterUserID)
        try snapshot.text(event.broadcasterUserLogin)
        try snapshot.text(event.broadcasterUserName)
        try snapshot.text(event.categoryID)
        try snapshot.text(event.categoryName)
        try snapshot.text(event.title)
        try snapshot.integer(event.viewerCount)
        try snapshot.text(event.language)
        try snapshot.boolean(event.isMature)
        try snapshot.text(Self.json(event.tags))
        try snapshot.time(event.startedAt)
        try snapshot.time(now)
        try snapshot.time(now)
        return try snapshot.run()
    }

    mutating func upsert(_ event: StreamUpdate, now: Timestamp) throws -> Int {
        snapshot.begin()
        try snapshot.text(event.streamID)
        try snapshot.text(event.broadcasterUserID)
        try snapshot.text(event.broadcasterUserLogin)
        try snapshot.text(event.broadcasterUserName)
        try snapshot.text(event.categoryID)
        try snapshot.text(event.categoryName)
        try snapshot.text(event.title)
        try snapshot.integer(event.viewerCount)
        try snapshot.text(event.language)
        try snapshot.boolean(event.isMature)
        try snapshot.text(Self.json(event.tags))
        snapshot.null()
        try snapshot.time(now)
        try snapshot.time(now)
        return try snapshot.run()
    }

    mutating func upsert(_ event: StreamOffline, now: Timestamp) throws -> Int {
        end.begin()
        try end.text(event.streamID)
        try end.text(event.broadcasterUserID)
        try end.text(event.broadcasterUserLogin)
        try end.text(event.broadcasterUserName)
        try end.time(event.endedAt)
        try end.text(event.endedAtBasis)
        try end.time(now)
        try end.time(now)
        return try end.run()
    }

    private static func json(_ tags: [String]) -> String? {
        guard !tags.isEmpty else { return nil }
        return try? String(decoding: JSONEncoder().encode(tags), as: UTF8.self)
    }
}
