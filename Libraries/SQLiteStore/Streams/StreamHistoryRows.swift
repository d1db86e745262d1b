import EventStore
import GRDB
import Protocol

/// Rows of `stream_samples` and `stream_changes`.
struct StreamHistoryRows {
    private let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// Records an observation where it belongs in time and counts its viewers once. Nearly every one comes after
    /// `latest`, the latest so far, and then needs no look around.
    func take(
        _ observation: StreamObservation,
        of streamID: String,
        after latest: StreamObservation?,
        viewers: inout StreamViewers
    ) throws {
        let place =
            if let latest, latest.observedAt < observation.observedAt {
                StreamHistoryPlace(before: latest.details)
            } else {
                try place(of: observation.observedAt, in: streamID)
            }
        guard let edits = place.edits(taking: observation) else { return }
        viewers.take(edits)
        try database.cachedStatement(
            sql: """
                INSERT INTO stream_samples (stream_id, observed_at, viewer_count) VALUES (?, ?, ?)
                ON CONFLICT (stream_id, observed_at) DO UPDATE SET viewer_count = excluded.viewer_count
                """
        ).execute(arguments: [streamID, observation.observedAt.dateTimeText, edits.viewers])
        for change in edits.changes {
            try write(change, of: streamID)
        }
    }

    private func place(of time: Timestamp, in streamID: String) throws -> StreamHistoryPlace {
        let text = time.dateTimeText
        let next = try String.fetchOne(
            database,
            sql: "SELECT min(observed_at) FROM stream_samples WHERE stream_id = ? AND observed_at > ?",
            arguments: [streamID, text]
        )
        return StreamHistoryPlace(
            before: try change(of: streamID, "changed_at < ?", text),
            currentViewers: try Int.fetchOne(
                database,
                sql: "SELECT viewer_count FROM stream_samples WHERE stream_id = ? AND observed_at = ?",
                arguments: [streamID, text]
            ),
            currentChange: try change(of: streamID, "changed_at = ?", text),
            next: next.flatMap(Timestamp.init(dateTimeText:)),
            nextChange: try next.flatMap { try change(of: streamID, "changed_at = ?", $0) }
        )
    }

    /// The last change that fulfils the condition.
    private func change(of streamID: String, _ condition: String, _ time: String) throws -> StreamDetails? {
        try Row.fetchOne(
            database,
            sql: """
                SELECT title, game_id, game_name, language, is_mature, tags FROM stream_changes
                WHERE stream_id = ? AND \(condition) ORDER BY changed_at DESC LIMIT 1
                """,
            arguments: [streamID, time]
        ).map(StreamDetails.init)
    }

    private func write(_ change: StreamHistoryPlace.Change, of streamID: String) throws {
        guard let details = change.details else {
            return try database.execute(
                sql: "DELETE FROM stream_changes WHERE stream_id = ? AND changed_at = ?",
                arguments: [streamID, change.at.dateTimeText]
            )
        }
        try database.execute(
            sql: """
                INSERT INTO stream_changes
                    (stream_id, changed_at, title, game_id, game_name, language, is_mature, tags)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (stream_id, changed_at) DO UPDATE SET
                    title = excluded.title, game_id = excluded.game_id, game_name = excluded.game_name,
                    language = excluded.language, is_mature = excluded.is_mature, tags = excluded.tags
                """,
            arguments: [
                streamID, change.at.dateTimeText, details.title, details.categoryID, details.categoryName,
                details.language, details.isMature, details.tagsJSON,
            ]
        )
    }
}
