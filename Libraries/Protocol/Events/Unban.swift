/// `channel.unban`: a ban or timeout was lifted. IRC never tells; EventSub does.
package struct Unban: Hashable, Sendable, Codable {
    /// The channel's user id (`room-id`); empty where Twitch sent none and none was learnt from ROOMSTATE.
    package var broadcasterUserID: String
    /// The channel's login, without `#`.
    package var broadcasterUserLogin: String
    package var userID: String
    package var userLogin: String
    package var moderatorUserID: String?
    package var moderatorUserLogin: String?
    package var unbannedAt: Timestamp
    /// When the gateway read the line, by its own clock.
    package var receivedAt: Timestamp
    /// The IRC line it was derived from, if any.
    package var raw: String?
    /// The line in base64, only when `raw` is not all of it.
    package var rawBase64: String?

    package init(
        broadcasterUserID: String,
        broadcasterUserLogin: String,
        userID: String,
        userLogin: String,
        moderatorUserID: String? = nil,
        moderatorUserLogin: String? = nil,
        unbannedAt: Timestamp,
        receivedAt: Timestamp,
        raw: String? = nil,
        rawBase64: String? = nil
    ) {
        self.broadcasterUserID = broadcasterUserID
        self.broadcasterUserLogin = broadcasterUserLogin
        self.userID = userID
        self.userLogin = userLogin
        self.moderatorUserID = moderatorUserID
        self.moderatorUserLogin = moderatorUserLogin
        self.unbannedAt = unbannedAt
        self.receivedAt = receivedAt
        self.raw = raw
        self.rawBase64 = rawBase64
    }

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case broadcasterUserID = "broadcaster_user_id"
        case broadcasterUserLogin = "broadcaster_user_login"
        case userID = "user_id"
        case userLogin = "user_login"
        case moderatorUserID = "moderator_user_id"
        case moderatorUserLogin = "moderator_user_login"
        case unbannedAt = "unbanned_at"
        case receivedAt = "received_at"
        case raw
        case rawBase64 = "raw_base64"
    }
}
