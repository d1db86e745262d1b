/// `channel.ban`: CLEARCHAT with a user: a timeout or a permanent ban.
package struct Ban: Hashable, Sendable, Codable {
    /// The channel's user id (`room-id`); empty where Twitch sent none and none was learnt from ROOMSTATE.
    package var broadcasterUserID: String
    /// The channel's login, without `#`.
    package var broadcasterUserLogin: String
    package var userID: String
    package var userLogin: String
    package var isPermanent: Bool
    /// Length of the timeout; nil for a permanent ban, and for a timeout whose length cannot be read.
    package var durationSeconds: Int?
    package var bannedAt: Timestamp
    /// `bannedAt` + duration; nil where there is no duration.
    package var endsAt: Timestamp?
    /// Known from EventSub only.
    package var moderatorUserID: String?
    package var moderatorUserLogin: String?
    package var reason: String?
    /// When the gateway read the line, by its own clock.
    package var receivedAt: Timestamp
    /// The line byte for byte without CR LF; invalid UTF-8 is repaired here and kept in `rawBase64`.
    package var raw: String
    /// The line in base64, only when `raw` is not all of it.
    package var rawBase64: String?
    /// True for what a history service told later, not Twitch; absent otherwise.
    package var backfilled: Bool?

    package init(
        broadcasterUserID: String,
        broadcasterUserLogin: String,
        userID: String,
        userLogin: String,
        isPermanent: Bool,
        durationSeconds: Int? = nil,
        bannedAt: Timestamp,
        endsAt: Timestamp? = nil,
        moderatorUserID: String? = nil,
        moderatorUserLogin: String? = nil,
        reason: String? = nil,
        receivedAt: Timestamp,
        raw: String,
        rawBase64: String? = nil,
        backfilled: Bool? = nil
    ) {
        self.broadcasterUserID = broadcasterUserID
        self.broadcasterUserLogin = broadcasterUserLogin
        self.userID = userID
        self.userLogin = userLogin
        self.isPermanent = isPermanent
        self.durationSeconds = durationSeconds
        self.bannedAt = bannedAt
        self.endsAt = endsAt
        self.moderatorUserID = moderatorUserID
        self.moderatorUserLogin = moderatorUserLogin
        self.reason = reason
        self.receivedAt = receivedAt
        self.raw = raw
        self.rawBase64 = rawBase64
        self.backfilled = backfilled
    }

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case broadcasterUserID = "broadcaster_user_id"
        case broadcasterUserLogin = "broadcaster_user_login"
        case userID = "user_id"
        case userLogin = "user_login"
        case isPermanent = "is_permanent"
        case durationSeconds = "duration_seconds"
        case bannedAt = "banned_at"
        case endsAt = "ends_at"
        case moderatorUserID = "moderator_user_id"
        case moderatorUserLogin = "moderator_user_login"
        case reason
        case receivedAt = "received_at"
        case raw
        case rawBase64 = "raw_base64"
        case backfilled
    }
}
