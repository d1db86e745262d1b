package import Protocol

/// What happened during one stream. As JSON its keys are snake_case and what is not known is left out.
package struct StreamStatistics: Hashable, Sendable, Encodable {
    package struct Stream: Hashable, Sendable, Encodable {
        package var id: String
        package var userID: String
        package var userLogin: String
        package var userName: String
        package var title: String
        package var categoryName: String
        package var language: String
        package var startedAt: Timestamp?
        /// Nil while it is live, and where the end was never recorded.
        package var endedAt: Timestamp?
        /// `observed` or `inferred`.
        package var endedAtBasis: String?
        /// When a poll last saw it live.
        package var lastSeenAt: Timestamp?

        package init(
            id: String,
            userID: String,
            userLogin: String,
            userName: String,
            title: String,
            categoryName: String,
            language: String,
            startedAt: Timestamp? = nil,
            endedAt: Timestamp? = nil,
            endedAtBasis: String? = nil,
            lastSeenAt: Timestamp? = nil
        ) {
            self.id = id
            self.userID = userID
            self.userLogin = userLogin
            self.userName = userName
            self.title = title
            self.categoryName = categoryName
            self.language = language
            self.startedAt = startedAt
            self.endedAt = endedAt
            self.endedAtBasis = endedAtBasis
            self.lastSeenAt = lastSeenAt
        }
    }

    package struct Viewers: Hashable, Sendable, Encodable {
        package var latest: Int?
        package var peak: Int?
        package var average: Double?
        package var samples: Int

        package init(
            latest: Int? = nil,
            peak: Int? = nil,
            average: Double? = nil,
            samples: Int
        ) {
            self.latest = latest
            self.peak = peak
            self.average = average
            self.samples = samples
        }
    }

    package struct Messages: Hashable, Sendable, Encodable {
        /// All rows, as the predecessor counted.
        package var total: Int
        /// Rows of those that were said in another room which shared its chat.
        package var fromSharedChat: Int
        /// Different people who said something in this room.
        package var uniqueChatters: Int
        /// Rows in each stretch of `bucketSeconds` since the start.
        package var buckets: [Int]
        package var bucketSeconds: Int

        package init(
            total: Int,
            fromSharedChat: Int,
            uniqueChatters: Int,
            buckets: [Int],
            bucketSeconds: Int
        ) {
            self.total = total
            self.fromSharedChat = fromSharedChat
            self.uniqueChatters = uniqueChatters
            self.buckets = buckets
            self.bucketSeconds = bucketSeconds
        }
    }

    package struct Chatter: Hashable, Sendable, Encodable {
        package var userID: String
        package var userLogin: String
        package var userName: String
        package var messages: Int

        package init(
            userID: String,
            userLogin: String,
            userName: String,
            messages: Int
        ) {
            self.userID = userID
            self.userLogin = userLogin
            self.userName = userName
            self.messages = messages
        }
    }

    package struct Deletions: Hashable, Sendable, Encodable {
        /// Deleted messages.
        package var messages: Int
        /// Different people who wrote them.
        package var users: Int

        package init(
            messages: Int,
            users: Int
        ) {
            self.messages = messages
            self.users = users
        }
    }

    package struct Bans: Hashable, Sendable, Encodable {
        /// All bans and timeouts, as the predecessor counted: a person twice is two.
        package var events: Int
        /// Different people.
        package var users: Int
        package var permanent: Int
        package var timeouts: Int

        package init(
            events: Int,
            users: Int,
            permanent: Int,
            timeouts: Int
        ) {
            self.events = events
            self.users = users
            self.permanent = permanent
            self.timeouts = timeouts
        }
    }

    package struct Change: Hashable, Sendable, Encodable {
        package var at: Timestamp
        package var title: String
        package var categoryName: String

        package init(
            at: Timestamp,
            title: String,
            categoryName: String
        ) {
            self.at = at
            self.title = title
            self.categoryName = categoryName
        }
    }

    package var stream: Stream
    package var isLive: Bool
    /// The end, or the moment until which the figures go: now while it is live, else the last sign of life.
    package var until: Timestamp
    package var durationSeconds: Int
    package var viewers: Viewers
    package var messages: Messages
    package var topChatters: [Chatter]
    package var deletions: Deletions
    package var bans: Bans
    /// How often the whole chat was cleared.
    package var chatClears: Int
    package var support: StreamSupport
    /// The titles and categories, the first one included.
    package var changes: [Change]
    /// Nil when the start is not known, and for the predecessor's streams, whose sessions nobody recorded.
    package var coverage: Coverage?

    package init(
        stream: Stream,
        isLive: Bool,
        until: Timestamp,
        durationSeconds: Int,
        viewers: Viewers,
        messages: Messages,
        topChatters: [Chatter],
        deletions: Deletions,
        bans: Bans,
        chatClears: Int,
        support: StreamSupport,
        changes: [Change],
        coverage: Coverage?
    ) {
        self.stream = stream
        self.isLive = isLive
        self.until = until
        self.durationSeconds = durationSeconds
        self.viewers = viewers
        self.messages = messages
        self.topChatters = topChatters
        self.deletions = deletions
        self.bans = bans
        self.chatClears = chatClears
        self.support = support
        self.changes = changes
        self.coverage = coverage
    }
}

extension StreamStatistics.Stream {
    /// How long after the last sign of life a stream without an end still counts as live.
    private static let patience: Int64 = 10 * 60_000

    /// Until when the figures go, and whether that is now.
    package func extent(lastMessageAt: Timestamp?, now: Timestamp) -> (until: Timestamp, isLive: Bool) {
        if let endedAt { return (endedAt, false) }
        let sign = [lastSeenAt, lastMessageAt, startedAt].compactMap(\.self).max() ?? now
        let isLive = now.rawValue - sign.rawValue < Self.patience
        return (isLive ? max(now, sign) : sign, isLive)
    }
}
