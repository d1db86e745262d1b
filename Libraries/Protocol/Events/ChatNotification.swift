/// `channel.chat.notification`: one USERNOTICE of any kind.
package struct ChatNotification: Hashable, Sendable, Codable {
    package var messageID: String
    /// The channel's user id (`room-id`); empty where Twitch sent none and none was learnt from ROOMSTATE.
    package var broadcasterUserID: String
    /// The channel's login, without `#`.
    package var broadcasterUserLogin: String
    package var chatterUserID: String
    package var chatterUserLogin: String
    package var chatterUserName: String
    /// The IRC `msg-id` as sent (`sub`, `resub`, `subgift`, `raid`, …); unknown kinds are kept.
    package var noticeType: String
    /// Twitch's English sentence; may be empty.
    package var systemMessage: String
    /// What the user typed; empty text when nothing.
    package var message: MessageText
    package var isAction: Bool
    package var color: String?
    package var badges: [Badge]
    /// Every `msg-param-*` tag, by the name after that prefix, unescaped.
    package var parameters: [String: String]
    package var source: SharedChatSource?
    package var isSubscriber: Bool
    package var isModerator: Bool
    package var isVIP: Bool
    package var sentAt: Timestamp
    /// When the gateway read the line, by its own clock.
    package var receivedAt: Timestamp
    /// The line byte for byte without CR LF; invalid UTF-8 is repaired here and kept in `rawBase64`.
    package var raw: String
    /// The line in base64, only when `raw` is not all of it.
    package var rawBase64: String?
    /// True for what a history service told later, not Twitch; absent otherwise.
    package var backfilled: Bool?

    package init(
        messageID: String,
        broadcasterUserID: String,
        broadcasterUserLogin: String,
        chatterUserID: String,
        chatterUserLogin: String,
        chatterUserName: String,
        noticeType: String,
        systemMessage: String,
        message: MessageText,
        isAction: Bool,
        color: String? = nil,
        badges: [Badge] = [],
        parameters: [String: String] = [:],
        source: SharedChatSource? = nil,
        isSubscriber: Bool,
        isModerator: Bool,
        isVIP: Bool,
        sentAt: Timestamp,
        receivedAt: Timestamp,
        raw: String,
        rawBase64: String? = nil,
        backfilled: Bool? = nil
    ) {
        self.messageID = messageID
        self.broadcasterUserID = broadcasterUserID
        self.broadcasterUserLogin = broadcasterUserLogin
        self.chatterUserID = chatterUserID
        self.chatterUserLogin = chatterUserLogin
        self.chatterUserName = chatterUserName
        self.noticeType = noticeType
        self.systemMessage = systemMessage
        self.message = message
        self.isAction = isAction
        self.color = color
        self.badges = badges
        self.parameters = parameters
        self.source = source
        self.isSubscriber = isSubscriber
        self.isModerator = isModerator
        self.isVIP = isVIP
        self.sentAt = sentAt
        self.receivedAt = receivedAt
        self.raw = raw
        self.rawBase64 = rawBase64
        self.backfilled = backfilled
    }

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case messageID = "message_id"
        case broadcasterUserID = "broadcaster_user_id"
        case broadcasterUserLogin = "broadcaster_user_login"
        case chatterUserID = "chatter_user_id"
        case chatterUserLogin = "chatter_user_login"
        case chatterUserName = "chatter_user_name"
        case noticeType = "notice_type"
        case systemMessage = "system_message"
        case message
        case isAction = "is_action"
        case color
        case badges
        case parameters
        case source
        case isSubscriber = "is_subscriber"
        case isModerator = "is_moderator"
        case isVIP = "is_vip"
        case sentAt = "sent_at"
        case receivedAt = "received_at"
        case raw
        case rawBase64 = "raw_base64"
        case backfilled
    }
}
