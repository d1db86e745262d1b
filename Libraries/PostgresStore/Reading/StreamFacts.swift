import EventStore
import Protocol

/// Puts one stream's figures together.
enum StreamFacts {
    private static let columns = """
        stream_id, user_id, user_login, coalesce(user_name, user_login), coalesce(title, ''), coalesce(game_name, ''),
        coalesce(language, ''), \(Answer.milliseconds("started_at")), \(Answer.milliseconds("ended_at")), ended_at_basis,
        \(Answer.milliseconds("observed_at")), viewer_count, peak_viewer_count, average_viewer_count, viewer_sample_count
        """

    /// The newest streams of whoever has or had this login. Nil when no row knows it.
    static func streams(
        of login: String,
        last: Int,
        _ connection: borrowing Connection
    ) throws(PostgresError) -> [String]? {
        let found = try connection.query(
            """
            SELECT stream_id FROM streams WHERE user_id IN (
                SELECT user_id FROM streams WHERE user_login = $1 UNION
                SELECT user_id FROM channel_names WHERE user_login = $1
            ) ORDER BY started_at DESC NULLS LAST, stream_id COLLATE "C" DESC LIMIT \(last)
            """,
            parameters(login)
        ).rows.compactMap { $0.first.flatMap(\.self) }
        guard found.isEmpty else { return found }
        let isKnown = try connection.query(
            """
            SELECT EXISTS (SELECT 1 FROM collection_sessions WHERE broadcaster_user_login = $1)
                OR EXISTS (SELECT 1 FROM channel_names WHERE user_login = $1)
            """,
            parameters(login)
        ).value
        return isKnown == "t" ? [] : nil
    }

    static func statistics(
        of streamID: String,
        now: Timestamp,
        _ connection: borrowing Connection
    ) throws(PostgresError) -> StreamStatistics? {
        let answer = try connection.query("SELECT \(columns) FROM streams WHERE stream_id = $1", parameters(streamID))
        guard let row = answer.rows.first else { return nil }
        let stream = StreamStatistics.Stream(row)
        let place = StreamPlace(stream: streamID, room: stream.userID)
        let lastMessage = try ChatFigures.lastMessage(place, connection)
        let (until, isLive) = stream.extent(lastMessageAt: lastMessage, now: now)
        let from = stream.startedAt
        let chatters = try ChatFigures.chatters(place, connection)
        var coverage: Coverage?
        // The predecessor recorded no sessions: of its streams nobody knows.
        if let from, stream.lastSeenAt != nil {
            coverage = try CoverageFigures.coverage(of: stream.userID, from: from, through: until, connection)
        }
        return StreamStatistics(
            stream: stream,
            isLive: isLive,
            until: until,
            durationSeconds: from.map { Int(max(0, until.rawValue - $0.rawValue) / 1000) } ?? 0,
            viewers: StreamStatistics.Viewers(
                latest: row[11].flatMap { Int($0) },
                peak: row[12].flatMap { Int($0) },
                average: row[13].flatMap { Double($0) },
                samples: row[14].flatMap { Int($0) } ?? 0
            ),
            messages: try ChatFigures.messages(place, from: from, through: until, chatters: chatters, connection),
            topChatters: chatters.top,
            deletions: try ModerationFigures.deletions(place, connection),
            bans: try ModerationFigures.bans(place, connection),
            chatClears: try ModerationFigures.clears(place, connection),
            support: try SupportFigures.support(place, connection),
            changes: try changes(place, connection),
            coverage: coverage
        )
    }

    private static func changes(
        _ place: StreamPlace,
        _ connection: borrowing Connection
    ) throws(PostgresError) -> [StreamStatistics.Change] {
        try connection.query(
            """
            SELECT \(Answer.milliseconds("changed_at")), coalesce(title, ''), coalesce(game_name, '')
            FROM stream_changes WHERE stream_id = $1 ORDER BY changed_at
            """,
            parameters(place.stream)
        ).rows.compactMap { row in
            Answer.time(row[0]).map {
                StreamStatistics.Change(at: $0, title: row[1] ?? "", categoryName: row[2] ?? "")
            }
        }
    }

    static func parameters(_ values: String...) -> BinaryFields {
        var parameters = BinaryFields.parameters
        for value in values { parameters.text(value) }
        return parameters
    }
}

/// A stream, and the room whose own chat counts for it.
struct StreamPlace: Hashable, Sendable {
    var stream: String
    var room: String

    var parameters: BinaryFields { StreamFacts.parameters(stream, room) }
}

extension StreamStatistics.Stream {
    fileprivate init(_ row: [String?]) {
        self.init(
            id: row[0] ?? "",
            userID: row[1] ?? "",
            userLogin: row[2] ?? "",
            userName: row[3] ?? "",
            title: row[4] ?? "",
            categoryName: row[5] ?? "",
            language: row[6] ?? "",
            startedAt: Answer.time(row[7]),
            endedAt: Answer.time(row[8]),
            endedAtBasis: row[9],
            lastSeenAt: Answer.time(row[10])
        )
    }
}

extension Answer {
    /// A number in the first row.
    func number(_ column: Int) -> Int {
        guard let row = rows.first, row.indices.contains(column) else { return 0 }
        return row[column].flatMap { Int($0) } ?? 0
    }
}
