/// What a message answers (`reply-parent-*`, `reply-thread-parent-*`).
package struct ReplyParent: Hashable, Sendable {
    package let messageID: String
    package let userID: String
    package let userLogin: String
    package let displayName: String
    package let body: String
    /// The thread's first message; nil where Twitch does not name it.
    package let threadMessageID: String?
    package let threadUserID: String?
    package let threadUserLogin: String?
    package let threadDisplayName: String?

    /// nil when the line is no reply.
    init?(_ irc: IRCMessage) {
        guard let messageID = irc.nonEmpty(.replyParentMessageID) else { return nil }
        self.messageID = messageID
        self.userID = irc.text(.replyParentUserID)
        self.userLogin = irc.text(.replyParentUserLogin)
        self.displayName = irc.text(.replyParentDisplayName)
        self.body = irc.text(.replyParentMessageBody)
        self.threadMessageID = irc.nonEmpty(.replyThreadParentMessageID)
        self.threadUserID = irc.nonEmpty(.replyThreadParentUserID)
        self.threadUserLogin = irc.nonEmpty(.replyThreadParentUserLogin)
        self.threadDisplayName = irc.nonEmpty(.replyThreadParentDisplayName)
    }
}
