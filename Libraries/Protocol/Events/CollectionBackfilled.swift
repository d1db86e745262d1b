/// `collection.backfilled`: a history service was asked for what was said in a hole.
package struct CollectionBackfilled: Hashable, Sendable, Codable {
    /// The channel's user id; empty where none was known.
    package var broadcasterUserID: String
    /// The channel's login, without `#`.
    package var broadcasterUserLogin: String
    /// The producer that did not listen.
    package var gateway: String
    /// The history service that was asked: its host.
    package var source: String
    /// Since when nobody had listened.
    package var holeStartedAt: Timestamp
    /// From when on somebody listened again.
    package var holeEndedAt: Timestamp
    /// The answer held the two messages below, so that no line between them is missing in it.
    package var isComplete: Bool
    /// The last message that was heard before the hole, if the answer held it.
    package var messageBefore: String?
    /// The first message that was heard after the hole, if the answer held it.
    package var messageAfter: String?
    /// How many lines of that time the answer held.
    package var linesOffered: Int
    /// How many of them were not known and were published.
    package var linesPublished: Int
    /// Why there was no useful answer; absent when there was one.
    package var failure: String?
    /// When it was over.
    package var finishedAt: Timestamp

    package init(
        broadcasterUserID: String,
        broadcasterUserLogin: String,
        gateway: String,
        source: String,
        holeStartedAt: Timestamp,
        holeEndedAt: Timestamp,
        isComplete: Bool,
        messageBefore: String? = nil,
        messageAfter: String? = nil,
        linesOffered: Int,
        linesPublished: Int,
        failure: String? = nil,
        finishedAt: Timestamp
    ) {
        self.broadcasterUserID = broadcasterUserID
        self.broadcasterUserLogin = broadcasterUserLogin
        self.gateway = gateway
        self.source = source
        self.holeStartedAt = holeStartedAt
        self.holeEndedAt = holeEndedAt
        self.isComplete = isComplete
        self.messageBefore = messageBefore
        self.messageAfter = messageAfter
        self.linesOffered = linesOffered
        self.linesPublished = linesPublished
        self.failure = failure
        self.finishedAt = finishedAt
    }

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case broadcasterUserID = "broadcaster_user_id"
        case broadcasterUserLogin = "broadcaster_user_login"
        case gateway
        case source
        case holeStartedAt = "hole_started_at"
        case holeEndedAt = "hole_ended_at"
        case isComplete = "is_complete"
        case messageBefore = "message_before"
        case messageAfter = "message_after"
        case linesOffered = "lines_offered"
        case linesPublished = "lines_published"
        case failure
        case finishedAt = "finished_at"
    }
}
