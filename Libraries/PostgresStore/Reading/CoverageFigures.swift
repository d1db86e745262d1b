import EventStore
import Protocol

/// Finds when channels were listened to.
enum CoverageFigures {
    /// What was listened to of a stream's channel.
    static func coverage(
        of userID: String,
        from start: Timestamp,
        through end: Timestamp,
        _ connection: borrowing Connection
    ) throws(PostgresError) -> Coverage {
        let logins = try connection.query(
            """
            SELECT user_login FROM streams WHERE user_id = $1 UNION
            SELECT user_login FROM channel_names WHERE user_id = $1 UNION
            SELECT broadcaster_user_login FROM collection_sessions WHERE broadcaster_user_id = $1
            """,
            StreamFacts.parameters(userID)
        ).rows.compactMap(\.[0])
        let channel = ArchivedChannel(login: logins.first ?? "", userIDs: [userID], logins: logins)
        return Coverage(
            recorded: try sessions(of: channel, from: start, through: end, connection),
            backfills: try backfills(of: channel, from: start, through: end, connection),
            from: start,
            through: end
        )
    }

    static func coverage(
        of logins: [String]?,
        from start: Timestamp,
        through end: Timestamp,
        _ connection: borrowing Connection
    ) throws(PostgresError) -> [ChannelCoverage] {
        let names = try names(connection)
        let channels = logins?.map { ArchivedChannel(login: $0, among: names) } ?? ArchivedChannel.all(names)
        let losses = try LossFigures.losses(connection)
        var found: [ChannelCoverage] = []
        for channel in channels {
            found.append(
                ChannelCoverage(
                    channel,
                    recorded: try sessions(of: channel, from: start, through: end, connection),
                    backfills: try backfills(of: channel, from: start, through: end, connection),
                    losses: losses,
                    from: start,
                    through: end
                )
            )
        }
        return found
    }

    /// Every name of a channel that has sessions.
    private static func names(_ connection: borrowing Connection) throws(PostgresError) -> [ArchivedChannel.Name] {
        try connection.query(
            """
            SELECT broadcaster_user_id, broadcaster_user_login,
                \(Answer.milliseconds("max(coalesce(started_at, stopped_at))"))
            FROM collection_sessions GROUP BY 1, 2
            UNION ALL
            SELECT user_id, user_login, NULL FROM channel_names
                WHERE user_id IN (SELECT broadcaster_user_id FROM collection_sessions)
            """,
            .parameters,
            within: PostgresArchiveReader.patience
        ).rows.map { row in
            ArchivedChannel.Name(userID: row[0] ?? "", login: row[1] ?? "", lastUsedAt: Answer.time(row[2]))
        }
    }

    /// The sessions of a stretch, and the last one that ended before it with the refusals since.
    private static func sessions(
        of channel: ArchivedChannel,
        from start: Timestamp,
        through end: Timestamp,
        _ connection: borrowing Connection
    ) throws(PostgresError) -> [RecordedSession] {
        try connection.query(
            """
            WITH last AS (
                SELECT max(stopped_at) AS stopped_at FROM collection_sessions
                WHERE \(isOurs) AND started_at IS NOT NULL AND stopped_at < $3::timestamptz
            )
            SELECT s.gateway, \(Answer.milliseconds("s.started_at")), \(Answer.milliseconds("s.stopped_at")),
                s.stop_reason,
                (SELECT \(Answer.milliseconds("max(o.updated_at)")) FROM bus_offsets o
                    WHERE s.stopped_at IS NULL AND o.producer = s.gateway)
            FROM collection_sessions s, last
            WHERE \(isOurs) AND coalesce(s.started_at, s.stopped_at) <= $4::timestamptz
                AND coalesce(s.stopped_at, 'infinity') >= coalesce(last.stopped_at, '-infinity')
            """,
            parameters(channel, start, end),
            within: PostgresArchiveReader.patience
        ).rows.map { row in
            RecordedSession(
                gateway: row[0] ?? "",
                startedAt: Answer.time(row[1]),
                stoppedAt: Answer.time(row[2]),
                stopReason: row[3],
                lastHeardAt: Answer.time(row[4])
            )
        }
    }

    private static func backfills(
        of channel: ArchivedChannel,
        from start: Timestamp,
        through end: Timestamp,
        _ connection: borrowing Connection
    ) throws(PostgresError) -> [RecordedBackfill] {
        try connection.query(
            """
            SELECT \(Answer.milliseconds("hole_started_at")), \(Answer.milliseconds("hole_ended_at")), is_complete
            FROM collection_backfills
            WHERE \(isOurs) AND failure IS NULL
                AND hole_started_at <= $4::timestamptz AND hole_ended_at >= $3::timestamptz
            """,
            parameters(channel, start, end)
        ).rows.compactMap { row in
            guard let from = Answer.time(row[0]), let through = Answer.time(row[1]) else { return nil }
            return RecordedBackfill(from: from, through: through, isComplete: row[2] == "t")
        }
    }

    /// The condition for a channel's rows, whose arguments are the first two of `parameters`.
    private static let isOurs =
        "broadcaster_user_login = ANY($1::text[]) AND broadcaster_user_id = ANY($2::text[])"

    private static func parameters(_ channel: ArchivedChannel, _ start: Timestamp, _ end: Timestamp) -> BinaryFields {
        var parameters = BinaryFields.parameters
        parameters.array(.text, channel.logins) { $0.text($1) }
        parameters.array(.text, [""] + channel.userIDs) { $0.text($1) }
        parameters.time(start)
        parameters.time(end)
        return parameters
    }
}
