import EventStore
import Protocol

extension StreamHistoryPlace {
    /// Reads the surroundings of a moment in a stream's recorded history.
    init(
        of time: Timestamp,
        in streamID: String,
        _ connection: borrowing Connection
    ) throws(PostgresError) {
        var parameters = BinaryFields.parameters
        parameters.text(streamID)
        parameters.time(time)
        let samples = try connection.query(
            """
            SELECT (SELECT viewer_count FROM stream_samples WHERE stream_id = $1 AND observed_at = $2::timestamptz),
                \(Answer.milliseconds("(SELECT min(observed_at) FROM stream_samples "
                    + "WHERE stream_id = $1 AND observed_at > $2::timestamptz)"))
            """,
            parameters
        )
        let next = Answer.time(samples.rows.first?[1])
        self.init(
            before: try Self.change(of: streamID, "changed_at <", time, connection),
            currentViewers: samples.value.flatMap { Int($0) },
            currentChange: try Self.change(of: streamID, "changed_at =", time, connection),
            next: next
        )
        if let next { nextChange = try Self.change(of: streamID, "changed_at =", next, connection) }
    }

    /// The last change that fulfils the condition.
    private static func change(
        of streamID: String,
        _ condition: String,
        _ time: Timestamp,
        _ connection: borrowing Connection
    ) throws(PostgresError) -> StreamDetails? {
        var parameters = BinaryFields.parameters
        parameters.text(streamID)
        parameters.time(time)
        let answer = try connection.query(
            """
            SELECT title, game_id, game_name, language, is_mature, tags FROM stream_changes
            WHERE stream_id = $1 AND \(condition) $2::timestamptz ORDER BY changed_at DESC LIMIT 1
            """,
            parameters
        )
        return answer.rows.first.map { StreamDetails($0[...]) }
    }
}
