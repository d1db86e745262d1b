/// `channel.chat.notice`: one NOTICE to a channel.
package struct ChatNotice: Hashable, Sendable, Codable {
    /// The channel's user id (`room-id`); empty where Twitch sent none and none was learnt from ROOMSTATE.
    package var broadcasterUserID: String
    /// The channel's login, without `#`.
    package var broadcasterUserLogin: String
    /// `msg-id`; nil where Twitch sent none.
    package var noticeID: String?
    package var message: String
    /// When the gateway read the line, by its own clock.
    package var receivedAt: Timestamp
    /// The line byte for byte without CR LF; invalid UTF-8 is repaired here and kept in `rawBase64`.
    package var raw: String
    /// The line in base64, only when `raw` is not all of it.
    package var rawBase64: String?

    package init(
        broadcasterUserID: String,
        broadcasterUserLogin: String,
        noticeID: String? = nil,
        message: String,
        receivedAt: Timestamp,
        raw: String,
        rawBase64: String? = nil
    ) {
        self.broadcasterUserID = broadcasterUserID
        self.broadcasterUserLogin = broadcasterUserLogin
        self.noticeID = noticeID
        self.message = message
        self.receivedAt = receivedAt
        self.raw = raw
        self.rawBase64 = rawBase64
    }

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case broadcasterUserID = "broadcaster_user_id"
        case broadcasterUserLogin = "broadcaster_user_login"
        case noticeID = "notice_id"
        case message
        case receivedAt = "received_at"
        case raw
        case rawBase64 = "raw_base64"
    }
}
