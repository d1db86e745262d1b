import EventStore
import GRDB
import Protocol

/// Puts one stream's figures together.
struct StreamFacts {
    private let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// The newest streams of whoever has or had this login. Nil when no row knows it.
    func streams(of login: String, last: Int) throws -> [String]? {
        let users = try String.fetchAll(
            database,
            sql: """
                SELECT user_id FROM streams WHERE user_login = ?1 UNION
                SELECT user_id FROM channel_names WHERE user_login = ?1
                """,
            arguments: [login]
        )
        guard !users.isEmpty else {
            let isListenedTo = try Bool.fetchOne(
                database,
                sql: "SELECT EXISTS (SELECT 1 FROM collection_sessions WHERE broadcaster_user_login = ?)",
                arguments: [login]
            )
            return isListenedTo == true ? [] : nil
        }
        let places = databaseQuestionMarks(count: users.count)
        return try String.fetchAll(
            database,
            sql: """
                SELECT stream_id FROM streams WHERE user_id IN (\(places))
                ORDER BY started_at IS NULL, started_at DESC, stream_id DESC LIMIT ?
                """,
            arguments: StatementArguments(users) + [last]
        )
    }

    func statistics(of streamID: String, now: Timestamp) throws -> StreamStatistics? {
        guard let row = try stream(streamID) else { return nil }
        let stream = StreamStatistics.Stream(row)
        let chat = ChatFigures(database, stream: streamID, room: stream.userID)
        let (until, isLive) = stream.extent(lastMessageAt: try chat.lastMessage(), now: now)
        let moderation = ModerationFigures(database, stream: streamID)
        let from = stream.startedAt
        let chatters = try chat.topChatters()
        // The predecessor recorded no sessions: of its streams nobody knows.
        let isOurs = stream.lastSeenAt != nil
        return StreamStatistics(
            stream: stream,
            isLive: isLive,
            until: until,
            durationSeconds: from.map { Int(max(0, until.rawValue - $0.rawValue) / 1000) } ?? 0,
            viewers: StreamStatistics.Viewers(
                latest: row["viewer_count"],
                peak: row["peak_viewer_count"],
                average: row["average_viewer_count"],
                samples: row["viewer_sample_count"]
            ),
            messages: try chat.messages(from: from, through: until, chatters: chatters),
            topChatters: chatters.top,
            deletions: try moderation.deletions(),
            bans: try moderation.bans(),
            chatClears: try moderation.clears(),
            support: try SupportFigures(database, stream: streamID, room: stream.userID).support(),
            changes: try changes(streamID),
            coverage: try from.flatMap {
                guard isOurs else { return nil }
                return try CoverageFigures(database).coverage(of: stream.userID, from: $0, through: until)
            }
        )
    }

    private func stream(_ streamID: String) throws -> Row? {
        try Row.fetchOne(database, sql: "SELECT * FROM streams WHERE stream_id = ?", arguments: [streamID])
    }

    private func changes(_ streamID: String) throws -> [StreamStatistics.Change] {
        try Row.fetchAll(
            database,
            sql: "SELECT changed_at, title, game_name FROM stream_changes WHERE stream_id = ? ORDER BY changed_at",
            arguments: [streamID]
        ).compactMap { row in
            Timestamp(dateTimeText: row[0]).map {
                StreamStatistics.Change(at: $0, title: row[1] ?? "", categoryName: row[2] ?? "")
            }
        }
    }
}

extension StreamStatistics.Stream {
    fileprivate init(_ row: Row) {
        func time(_ column: String) -> Timestamp? {
            (row[column] as String?).flatMap { Timestamp(dateTimeText: $0) }
        }
        self.init(
            id: row["stream_id"],
            userID: row["user_id"],
            userLogin: row["user_login"],
            userName: row["user_name"] ?? row["user_login"],
            title: row["title"] ?? "",
            categoryName: row["game_name"] ?? "",
            language: row["language"] ?? "",
            startedAt: time("started_at"),
            endedAt: time("ended_at"),
            endedAtBasis: row["ended_at_basis"],
            lastSeenAt: time("observed_at")
        )
    }
}
