/// `channel.chat.clear`: CLEARCHAT without a user: the whole chat was cleared.
package struct ChatClear: Hashable, Sendable, Codable {
    /// The channel's user id (`room-id`); empty where Twitch sent none and none was learnt from ROOMSTATE.
    package var broadcasterUserID: String
    /// The channel's login, without `#`.
    package var broadcasterUserLogin: String
    package var clearedAt: Timestamp
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
        clearedAt: Timestamp,
        receivedAt: Timestamp,
        raw: String,
        rawBase64: String? = nil,
        backfilled: Bool? = nil
    ) {
        self.broadcasterUserID = broadcasterUserID
        self.broadcasterUserLogin = broadcasterUserLogin
        self.clearedAt = clearedAt
        self.receivedAt = receivedAt
        self.raw = raw
        self.rawBase64 = rawBase64
        self.backfilled = backfilled
    }

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case broadcasterUserID = "broadcaster_user_id"
        case broadcasterUserLogin = "broadcaster_user_login"
        case clearedAt = "cleared_at"
        case receivedAt = "received_at"
        case raw
        case rawBase64 = "raw_base64"
        case backfilled
    }
}
