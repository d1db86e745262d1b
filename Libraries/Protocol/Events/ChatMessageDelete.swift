/// `channel.chat.message_delete`: one CLEARMSG.
package struct ChatMessageDelete: Hashable, Sendable, Codable {
    /// The channel's user id (`room-id`); empty where Twitch sent none and none was learnt from ROOMSTATE.
    package var broadcasterUserID: String
    /// The channel's login, without `#`.
    package var broadcasterUserLogin: String
    package var targetUserLogin: String
    /// Learnt from the deleted message where the gateway still knew it; IRC does not send it.
    package var targetUserID: String?
    /// The deleted message (`target-msg-id`).
    package var messageID: String
    /// The deleted text, /me wrapper removed.
    package var text: String
    package var isAction: Bool
    package var deletedAt: Timestamp
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
        targetUserLogin: String,
        targetUserID: String? = nil,
        messageID: String,
        text: String,
        isAction: Bool,
        deletedAt: Timestamp,
        receivedAt: Timestamp,
        raw: String,
        rawBase64: String? = nil,
        backfilled: Bool? = nil
    ) {
        self.broadcasterUserID = broadcasterUserID
        self.broadcasterUserLogin = broadcasterUserLogin
        self.targetUserLogin = targetUserLogin
        self.targetUserID = targetUserID
        self.messageID = messageID
        self.text = text
        self.isAction = isAction
        self.deletedAt = deletedAt
        self.receivedAt = receivedAt
        self.raw = raw
        self.rawBase64 = rawBase64
        self.backfilled = backfilled
    }

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case broadcasterUserID = "broadcaster_user_id"
        case broadcasterUserLogin = "broadcaster_user_login"
        case targetUserLogin = "target_user_login"
        case targetUserID = "target_user_id"
        case messageID = "message_id"
        case text
        case isAction = "is_action"
        case deletedAt = "deleted_at"
        case receivedAt = "received_at"
        case raw
        case rawBase64 = "raw_base64"
        case backfilled
    }
}
