import EventStore
import GRDB
import Protocol

/// Finds when channels were listened to.
struct CoverageFigures {
    private let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// What was listened to of a stream's channel.
    func coverage(of userID: String, from start: Timestamp, through end: Timestamp) throws -> Coverage {
        let logins = try String.fetchAll(
            database,
            sql: """
                SELECT user_login FROM streams WHERE user_id = ?1 UNION
                SELECT user_login FROM channel_names WHERE user_id = ?1 UNION
                SELECT broadcaster_user_login FROM collection_sessions WHERE broadcaster_user_id = ?1
                """,
            arguments: [userID]
        )
        let channel = ArchivedChannel(login: logins.first ?? "", userIDs: [userID], logins: logins)
        return Coverage(
            recorded: try sessions(of: channel, from: start, through: end),
            backfills: try backfills(of: channel, from: start, through: end),
            from: start,
            through: end
        )
    }

    func coverage(of logins: [String]?, from start: Timestamp, through end: Timestamp) throws -> [ChannelCoverage] {
        let names = try names()
        let channels = logins?.map { ArchivedChannel(login: $0, among: names) } ?? ArchivedChannel.all(names)
        let losses = try LossFigures(database).losses()
        return try channels.map { channel in
            ChannelCoverage(
                channel,
                recorded: try sessions(of: channel, from: start, through: end),
                backfills: try backfills(of: channel, from: start, through: end),
                losses: losses,
                from: start,
                through: end
            )
        }
    }

    /// Every name of a channel that has sessions.
    private func names() throws -> [ArchivedChannel.Name] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT broadcaster_user_id, broadcaster_user_login, max(coalesce(started_at, stopped_at))
                FROM collection_sessions GROUP BY 1, 2
                UNION ALL
                SELECT user_id, user_login, NULL FROM channel_names
                    WHERE user_id IN (SELECT broadcaster_user_id FROM collection_sessions)
                """
        ).map { row in
            ArchivedChannel.Name(
                userID: row[0],
                login: row[1],
                lastUsedAt: (row[2] as String?).flatMap { Timestamp(dateTimeText: $0) }
            )
        }
    }

    /// The sessions of a stretch, and the last one that ended before it with the refusals since.
    private func sessions(
        of channel: ArchivedChannel,
        from start: Timestamp,
        through end: Timestamp
    ) throws -> [RecordedSession] {
        let (isOurs, whose) = Self.rows(of: channel)
        let last = try String.fetchOne(
            database,
            sql: """
                SELECT max(stopped_at) FROM collection_sessions s
                WHERE \(isOurs) AND started_at IS NOT NULL AND stopped_at < ?
                """,
            arguments: whose + [start.dateTimeText]
        )
        return try Row.fetchAll(
            database,
            sql: """
                SELECT s.gateway, s.started_at, s.stopped_at, s.stop_reason,
                    (SELECT max(o.updated_at) FROM bus_offsets o WHERE s.stopped_at IS NULL AND o.producer = s.gateway)
                FROM collection_sessions s
                WHERE \(isOurs)
                    AND coalesce(s.started_at, s.stopped_at) <= ? AND coalesce(s.stopped_at, '9999') >= ?
                """,
            arguments: whose + [end.dateTimeText, last ?? ""]
        ).map { row in
            func time(_ column: Int) -> Timestamp? {
                (row[column] as String?).flatMap { Timestamp(dateTimeText: $0) }
            }
            return RecordedSession(
                gateway: row[0],
                startedAt: time(1),
                stoppedAt: time(2),
                stopReason: row[3],
                lastHeardAt: time(4)
            )
        }
    }

    private func backfills(
        of channel: ArchivedChannel,
        from start: Timestamp,
        through end: Timestamp
    ) throws -> [RecordedBackfill] {
        let (isOurs, whose) = Self.rows(of: channel)
        return try Row.fetchAll(
            database,
            sql: """
                SELECT hole_started_at, hole_ended_at, is_complete FROM collection_backfills
                WHERE \(isOurs) AND failure IS NULL AND hole_started_at <= ? AND hole_ended_at >= ?
                """,
            arguments: whose + [end.dateTimeText, start.dateTimeText]
        ).compactMap { row in
            guard let from = Timestamp(dateTimeText: row[0]), let through = Timestamp(dateTimeText: row[1]) else {
                return nil
            }
            return RecordedBackfill(from: from, through: through, isComplete: row[2])
        }
    }

    /// The condition for a channel's rows, and its arguments.
    private static func rows(of channel: ArchivedChannel) -> (sql: String, arguments: StatementArguments) {
        let logins = databaseQuestionMarks(count: channel.logins.count)
        let ids = databaseQuestionMarks(count: channel.userIDs.count + 1)
        return (
            "broadcaster_user_login IN (\(logins)) AND broadcaster_user_id IN (\(ids))",
            StatementArguments(channel.logins) + StatementArguments([""] + channel.userIDs)
        )
    }
}
