/// `stream.online`: a stream was seen live for the first time.
package struct StreamOnline: Hashable, Sendable, Codable {
    package var broadcasterUserID: String
    package var broadcasterUserLogin: String
    package var broadcasterUserName: String
    package var streamID: String
    package var title: String
    package var categoryID: String
    package var categoryName: String
    package var language: String
    package var tags: [String]
    package var isMature: Bool
    package var viewerCount: Int
    package var startedAt: Timestamp

    package init(
        broadcasterUserID: String,
        broadcasterUserLogin: String,
        broadcasterUserName: String,
        streamID: String,
        title: String,
        categoryID: String,
        categoryName: String,
        language: String,
        tags: [String] = [],
        isMature: Bool,
        viewerCount: Int,
        startedAt: Timestamp
    ) {
        self.broadcasterUserID = broadcasterUserID
        self.broadcasterUserLogin = broadcasterUserLogin
        self.broadcasterUserName = broadcasterUserName
        self.streamID = streamID
        self.title = title
        self.categoryID = categoryID
        self.categoryName = categoryName
        self.language = language
        self.tags = tags
        self.isMature = isMature
        self.viewerCount = viewerCount
        self.startedAt = startedAt
    }

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case broadcasterUserID = "broadcaster_user_id"
        case broadcasterUserLogin = "broadcaster_user_login"
        case broadcasterUserName = "broadcaster_user_name"
        case streamID = "stream_id"
        case title
        case categoryID = "category_id"
        case categoryName = "category_name"
        case language
        case tags
        case isMature = "is_mature"
        case viewerCount = "viewer_count"
        case startedAt = "started_at"
    }
}

/// `stream.update`: a running stream's figures or texts, as last seen.
package struct StreamUpdate: Hashable, Sendable, Codable {
    package var broadcasterUserID: String
    package var broadcasterUserLogin: String
    package var broadcasterUserName: String
    package var streamID: String
    package var title: String
    package var categoryID: String
    package var categoryName: String
    package var language: String
    package var tags: [String]
    package var isMature: Bool
    package var viewerCount: Int
    package var observedAt: Timestamp

    package init(
        broadcasterUserID: String,
        broadcasterUserLogin: String,
        broadcasterUserName: String,
        streamID: String,
        title: String,
        categoryID: String,
        categoryName: String,
        language: String,
        tags: [String] = [],
        isMature: Bool,
        viewerCount: Int,
        observedAt: Timestamp
    ) {
        self.broadcasterUserID = broadcasterUserID
        self.broadcasterUserLogin = broadcasterUserLogin
        self.broadcasterUserName = broadcasterUserName
        self.streamID = streamID
        self.title = title
        self.categoryID = categoryID
        self.categoryName = categoryName
        self.language = language
        self.tags = tags
        self.isMature = isMature
        self.viewerCount = viewerCount
        self.observedAt = observedAt
    }

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case broadcasterUserID = "broadcaster_user_id"
        case broadcasterUserLogin = "broadcaster_user_login"
        case broadcasterUserName = "broadcaster_user_name"
        case streamID = "stream_id"
        case title
        case categoryID = "category_id"
        case categoryName = "category_name"
        case language
        case tags
        case isMature = "is_mature"
        case viewerCount = "viewer_count"
        case observedAt = "observed_at"
    }
}

/// `stream.offline`: a stream is over.
package struct StreamOffline: Hashable, Sendable, Codable {
    package var broadcasterUserID: String
    package var broadcasterUserLogin: String
    package var broadcasterUserName: String
    package var streamID: String
    /// The last time it was seen live, or the start of the channel's next stream where that is earlier.
    package var endedAt: Timestamp
    /// How the end is known: `observed` by polls on both sides of it, or `inferred`: the poller did not run, or could
    /// not ask, when it ended.
    package var endedAtBasis: String

    package init(
        broadcasterUserID: String,
        broadcasterUserLogin: String,
        broadcasterUserName: String,
        streamID: String,
        endedAt: Timestamp,
        endedAtBasis: String
    ) {
        self.broadcasterUserID = broadcasterUserID
        self.broadcasterUserLogin = broadcasterUserLogin
        self.broadcasterUserName = broadcasterUserName
        self.streamID = streamID
        self.endedAt = endedAt
        self.endedAtBasis = endedAtBasis
    }

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case broadcasterUserID = "broadcaster_user_id"
        case broadcasterUserLogin = "broadcaster_user_login"
        case broadcasterUserName = "broadcaster_user_name"
        case streamID = "stream_id"
        case endedAt = "ended_at"
        case endedAtBasis = "ended_at_basis"
    }
}
