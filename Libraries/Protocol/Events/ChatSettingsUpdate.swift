/// `channel.chat_settings.update`: one ROOMSTATE, full after JOIN, otherwise only what changed.
package struct ChatSettingsUpdate: Hashable, Sendable, Codable {
    /// The channel's user id (`room-id`); empty where Twitch sent none and none was learnt from ROOMSTATE.
    package var broadcasterUserID: String
    /// The channel's login, without `#`.
    package var broadcasterUserLogin: String
    package var emoteMode: Bool?
    /// -1 off, 0 any follower, n minutes of following.
    package var followerModeMinutes: Int?
    package var uniqueChatMode: Bool?
    /// 0 off.
    package var slowModeSeconds: Int?
    package var subscriberMode: Bool?
    /// When the gateway read the line, by its own clock.
    package var receivedAt: Timestamp
    /// The line byte for byte without CR LF; invalid UTF-8 is repaired here and kept in `rawBase64`.
    package var raw: String
    /// The line in base64, only when `raw` is not all of it.
    package var rawBase64: String?

    package init(
        broadcasterUserID: String,
        broadcasterUserLogin: String,
        emoteMode: Bool? = nil,
        followerModeMinutes: Int? = nil,
        uniqueChatMode: Bool? = nil,
        slowModeSeconds: Int? = nil,
        subscriberMode: Bool? = nil,
        receivedAt: Timestamp,
        raw: String,
        rawBase64: String? = nil
    ) {
        self.broadcasterUserID = broadcasterUserID
        self.broadcasterUserLogin = broadcasterUserLogin
        self.emoteMode = emoteMode
        self.followerModeMinutes = followerModeMinutes
        self.uniqueChatMode = uniqueChatMode
        self.slowModeSeconds = slowModeSeconds
        self.subscriberMode = subscriberMode
        self.receivedAt = receivedAt
        self.raw = raw
        self.rawBase64 = rawBase64
    }

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case broadcasterUserID = "broadcaster_user_id"
        case broadcasterUserLogin = "broadcaster_user_login"
        case emoteMode = "emote_mode"
        case followerModeMinutes = "follower_mode_minutes"
        case uniqueChatMode = "unique_chat_mode"
        case slowModeSeconds = "slow_mode_seconds"
        case subscriberMode = "subscriber_mode"
        case receivedAt = "received_at"
        case raw
        case rawBase64 = "raw_base64"
    }
}
