/// A tag's name, prepared for comparing with many lines.
struct IRCTag: Sendable {
    let bytes: [UInt8]
    /// Rules out almost every other name at the price of one comparison.
    let fingerprint: UInt32

    init(_ name: String) {
        self.bytes = Array(name.utf8)
        self.fingerprint = Self.fingerprint(
            count: self.bytes.count,
            first: self.bytes.first ?? 0,
            middle: self.bytes.isEmpty ? 0 : self.bytes[self.bytes.count / 2],
            last: self.bytes.last ?? 0
        )
    }

    static func fingerprint(count: Int, first: UInt8, middle: UInt8, last: UInt8) -> UInt32 {
        UInt32(truncatingIfNeeded: count) << 24 | UInt32(first) << 16 | UInt32(middle) << 8 | UInt32(last)
    }
}

extension IRCTag {
    static let id = IRCTag("id")
    static let roomID = IRCTag("room-id")
    static let userID = IRCTag("user-id")
    static let login = IRCTag("login")
    static let displayName = IRCTag("display-name")
    static let tmiSentTimestamp = IRCTag("tmi-sent-ts")
    static let badges = IRCTag("badges")
    static let badgeInfo = IRCTag("badge-info")
    static let color = IRCTag("color")
    static let emotes = IRCTag("emotes")
    static let flags = IRCTag("flags")
    static let gifs = IRCTag("gifs")
    static let mod = IRCTag("mod")
    static let subscriber = IRCTag("subscriber")
    static let turbo = IRCTag("turbo")
    static let vip = IRCTag("vip")
    static let userType = IRCTag("user-type")
    static let firstMessage = IRCTag("first-msg")
    static let returningChatter = IRCTag("returning-chatter")
    static let clientNonce = IRCTag("client-nonce")
    static let emoteOnly = IRCTag("emote-only")
    static let bits = IRCTag("bits")
    static let messageKind = IRCTag("msg-id")
    static let animationID = IRCTag("animation-id")
    static let customRewardID = IRCTag("custom-reward-id")
    static let replyParentMessageID = IRCTag("reply-parent-msg-id")
    static let replyParentUserID = IRCTag("reply-parent-user-id")
    static let replyParentUserLogin = IRCTag("reply-parent-user-login")
    static let replyParentDisplayName = IRCTag("reply-parent-display-name")
    static let replyParentMessageBody = IRCTag("reply-parent-msg-body")
    static let replyThreadParentMessageID = IRCTag("reply-thread-parent-msg-id")
    static let replyThreadParentUserID = IRCTag("reply-thread-parent-user-id")
    static let replyThreadParentUserLogin = IRCTag("reply-thread-parent-user-login")
    static let replyThreadParentDisplayName = IRCTag("reply-thread-parent-display-name")
    static let sourceID = IRCTag("source-id")
    static let sourceRoomID = IRCTag("source-room-id")
    static let sourceBadges = IRCTag("source-badges")
    static let sourceBadgeInfo = IRCTag("source-badge-info")
    static let sourceOnly = IRCTag("source-only")
    static let sourceMessageID = IRCTag("source-msg-id")
    static let pinnedChatPaidAmount = IRCTag("pinned-chat-paid-amount")
    static let pinnedChatPaidCanonicalAmount = IRCTag("pinned-chat-paid-canonical-amount")
    static let pinnedChatPaidCurrency = IRCTag("pinned-chat-paid-currency")
    static let pinnedChatPaidExponent = IRCTag("pinned-chat-paid-exponent")
    static let pinnedChatPaidLevel = IRCTag("pinned-chat-paid-level")
    static let pinnedChatPaidIsSystemMessage = IRCTag("pinned-chat-paid-is-system-message")
    static let crowdChantParentMessageID = IRCTag("crowd-chant-parent-msg-id")
    static let sentTimestamp = IRCTag("sent-ts")
    static let banDuration = IRCTag("ban-duration")
    static let banReason = IRCTag("ban-reason")
    static let targetUserID = IRCTag("target-user-id")
    static let targetMessageID = IRCTag("target-msg-id")
    static let systemMessage = IRCTag("system-msg")
    static let followersOnly = IRCTag("followers-only")
    static let r9k = IRCTag("r9k")
    static let slow = IRCTag("slow")
    static let subsOnly = IRCTag("subs-only")
    static let emoteSets = IRCTag("emote-sets")
    static let messageID = IRCTag("message-id")
    static let threadID = IRCTag("thread-id")
}
