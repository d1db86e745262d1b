import EventStore
import GRDB
import Protocol

/// Rows of `streams`: read, merged by `StreamRecord`'s rule, written back, all in the batch's transaction.
struct StreamRows {
    private let database: Database
    private let history: StreamHistoryRows
    private let pending: PendingAttribution

    init(_ database: Database) {
        self.database = database
        history = StreamHistoryRows(database)
        pending = PendingAttribution(database)
    }

    /// Takes a report in. Returns 0 when it told nothing new.
    func merge(_ report: StreamReport, timelines: inout ChannelTimelines, now: Timestamp) throws -> Int {
        let stored = try read(report.streamID)
        var record = stored?.record ?? StreamRecord(report)
        record.merge(report)
        var viewers = stored?.viewers ?? StreamViewers()
        if case .seen(let observation, _) = report.content {
            try history.take(observation, of: report.streamID, after: stored?.record.latest, viewers: &viewers)
        }
        guard record != stored?.record || viewers != stored?.viewers else { return 0 }
        if record.span != stored?.record.span {
            let before = try timelines.whole(record.userID)
            var after = before
            after.set(record.span, for: record.streamID)
            try pending.add(StreamTimeline.changes(from: before, to: after), of: record.userID)
            timelines.forget(record.userID)
        }
        try write(record, viewers, now: now)
        return 1
    }

    private func read(_ streamID: String) throws -> (record: StreamRecord, viewers: StreamViewers)? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT user_id, user_login, user_name, started_at, observed_at, viewer_count, title, game_id, game_name,
                    language, is_mature, tags, ended_at, ended_at_basis, end_known_at, peak_viewer_count,
                    viewer_count_sum, viewer_sample_count
                FROM streams WHERE stream_id = ?
                """
        )
        guard let row = try Row.fetchOne(statement, arguments: [streamID]) else { return nil }
        func time(_ column: String) -> Timestamp? {
            (row[column] as String?).flatMap(Timestamp.init(dateTimeText:))
        }
        var record = StreamRecord(
            streamID: streamID,
            userID: row["user_id"],
            userLogin: row["user_login"],
            userName: row["user_name"] ?? "",
            startedAt: time("started_at")
        )
        if let observedAt = time("observed_at") {
            record.latest = StreamObservation(
                observedAt: observedAt,
                viewerCount: row["viewer_count"] ?? 0,
                details: StreamDetails(row),
                userLogin: record.userLogin,
                userName: record.userName
            )
        }
        // An end without the time at which it was concluded is the predecessor's: any sighting of ours refutes it.
        if let endedAt = time("ended_at") {
            record.end = StreamEnd(
                endedAt: endedAt,
                basis: row["ended_at_basis"] ?? "",
                knownAt: time("end_known_at") ?? .earliest
            )
        }
        let viewers = StreamViewers(
            peak: row["peak_viewer_count"],
            sum: row["viewer_count_sum"],
            samples: row["viewer_sample_count"]
        )
        return (record, viewers)
    }

    private func write(_ record: StreamRecord, _ viewers: StreamViewers, now: Timestamp) throws {
        let statement = try database.cachedStatement(sql: Self.sql)
        let details = record.latest?.details
        let end = record.end
        let knownAt = end.flatMap { $0.knownAt == .earliest ? nil : $0.knownAt }
        try statement.execute(
            arguments: [
                record.streamID, record.userID, record.userLogin.storable, record.userName.storable,
                record.startedAt?.dateTimeText, record.latest?.observedAt.dateTimeText, record.latest?.viewerCount,
                details?.title, details?.categoryID, details?.categoryName, details?.language, details?.isMature,
                details?.tagsJSON, end?.endedAt.dateTimeText, end.flatMap { $0.basis.isEmpty ? nil : $0.basis },
                knownAt?.dateTimeText, viewers.peak,
                viewers.sum, viewers.samples, now.dateTimeText, now.dateTimeText,
            ]
        )
    }

    /// Without a sighting of ours the snapshot that the predecessor wrote stays.
    private static let sql = """
        INSERT INTO streams (stream_id, user_id, user_login, user_name, started_at, observed_at, viewer_count, title,
            game_id, game_name, language, is_mature, tags, ended_at, ended_at_basis, end_known_at, peak_viewer_count,
            viewer_count_sum, viewer_sample_count, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (stream_id) DO UPDATE SET user_login = excluded.user_login, user_name = excluded.user_name,
            started_at = excluded.started_at, observed_at = excluded.observed_at,
            viewer_count = coalesce(excluded.viewer_count, viewer_count), title = coalesce(excluded.title, title),
            game_id = coalesce(excluded.game_id, game_id), game_name = coalesce(excluded.game_name, game_name),
            language = coalesce(excluded.language, language), is_mature = coalesce(excluded.is_mature, is_mature),
            tags = CASE WHEN excluded.observed_at IS NULL THEN tags ELSE excluded.tags END,
            ended_at = excluded.ended_at, ended_at_basis = excluded.ended_at_basis,
            end_known_at = excluded.end_known_at, peak_viewer_count = excluded.peak_viewer_count,
            viewer_count_sum = excluded.viewer_count_sum, viewer_sample_count = excluded.viewer_sample_count,
            updated_at = excluded.updated_at
        """
}
