/// Where a message was sent, while rooms share their chat (`source-*`).
package struct SharedChatOrigin: Hashable, Sendable {
    /// The message's id in the room it was sent to.
    package let messageID: String
    package let roomID: String
    /// The sender's badges there.
    package let badges: [ChatBadge]
    package let badgeInfo: [ChatBadge]
    /// Sent to that room only; nil when Twitch does not say.
    package let isSourceOnly: Bool?
    /// The original kind behind a `sharedchatnotice`.
    package let noticeKind: String?
    /// This line is the copy in another room.
    package let isMirror: Bool

    /// nil when the line belongs to no shared chat.
    init?(_ irc: IRCMessage) {
        guard let roomID = irc.nonEmpty(.sourceRoomID) else { return nil }
        self.roomID = roomID
        self.messageID = irc.text(.sourceID)
        self.badges = ChatBadge.list(irc.rawValue(.sourceBadges))
        self.badgeInfo = ChatBadge.list(irc.rawValue(.sourceBadgeInfo))
        self.isSourceOnly = irc.flag(.sourceOnly)
        self.noticeKind = irc.nonEmpty(.sourceMessageID)
        self.isMirror = roomID != irc.text(.roomID)
    }
}
