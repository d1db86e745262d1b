/// `channel.chat.message`: one PRIVMSG.
/// Field names are those of EventSub; what only IRC tells keeps the meaning of its tag.
package struct ChatMessage: Hashable, Sendable, Codable {
    /// UUID of this delivery in this room (`id`): the natural key. Empty when Twitch sent none.
    package var messageID: String
    /// The channel's user id (`room-id`); empty where Twitch sent none and none was learnt from ROOMSTATE.
    package var broadcasterUserID: String
    /// The channel's login, without `#`.
    package var broadcasterUserLogin: String
    package var chatterUserID: String
    /// From the IRC prefix.
    package var chatterUserLogin: String
    /// `display-name` as sent; may be empty, localized, or hold spaces.
    package var chatterUserName: String
    package var message: MessageText
    /// EventSub's `message_type`: `text`, `channel_points_highlighted`, `channel_points_sub_only`, `user_intro`,
    /// `power_ups_message_effect`, `power_ups_gigantified_emote`; an unknown IRC `msg-id` as it came.
    package var messageType: String
    /// Written with /me; the wrapper is removed from the text.
    package var isAction: Bool
    /// `#RRGGBB`; nil when the user has none.
    package var color: String?
    package var badges: [Badge]
    package var cheer: Cheer?
    package var reply: Reply?
    package var channelPointsCustomRewardID: String?
    package var channelPointsAnimationID: String?
    /// Where the message was sent, while rooms share their chat.
    package var source: SharedChatSource?
    package var isSubscriber: Bool
    package var isModerator: Bool
    package var isVIP: Bool
    /// The sender's first message ever in this channel.
    package var isFirstMessage: Bool
    package var isReturningChatter: Bool
    /// `tmi-sent-ts`; `receivedAt` when Twitch sent none.
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
        message: MessageText,
        messageType: String,
        isAction: Bool,
        color: String? = nil,
        badges: [Badge] = [],
        cheer: Cheer? = nil,
        reply: Reply? = nil,
        channelPointsCustomRewardID: String? = nil,
        channelPointsAnimationID: String? = nil,
        source: SharedChatSource? = nil,
        isSubscriber: Bool,
        isModerator: Bool,
        isVIP: Bool,
        isFirstMessage: Bool,
        isReturningChatter: Bool,
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
        self.message = message
        self.messageType = messageType
        self.isAction = isAction
        self.color = color
        self.badges = badges
        self.cheer = cheer
        self.reply = reply
        self.channelPointsCustomRewardID = channelPointsCustomRewardID
        self.channelPointsAnimationID = channelPointsAnimationID
        self.source = source
        self.isSubscriber = isSubscriber
        self.isModerator = isModerator
        self.isVIP = isVIP
        self.isFirstMessage = isFirstMessage
        self.isReturningChatter = isReturningChatter
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
        case message
        case messageType = "message_type"
        case isAction = "is_action"
        case color
        case badges
        case cheer
        case reply
        case channelPointsCustomRewardID = "channel_points_custom_reward_id"
        case channelPointsAnimationID = "channel_points_animation_id"
        case source
        case isSubscriber = "is_subscriber"
        case isModerator = "is_moderator"
        case isVIP = "is_vip"
        case isFirstMessage = "is_first_message"
        case isReturningChatter = "is_returning_chatter"
        case sentAt = "sent_at"
        case receivedAt = "received_at"
        case raw
        case rawBase64 = "raw_base64"
        case backfilled
    }
}
