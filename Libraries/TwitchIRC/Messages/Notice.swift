/// NOTICE: the server tells something, to a channel or, before login, to `*`.
package struct Notice: Sendable {
    package let irc: IRCMessage
    /// nil when it is addressed to `*`: about login and connection.
    package let channel: String?

    init(_ irc: IRCMessage) throws(TwitchMessageError) {
        guard irc.hasText else { throw irc.missing(.text) }
        self.irc = irc
        self.channel = irc.channel
    }

    /// A NOTICE to a channel that ends behind it: its `msg-id` says what it means. nil for any other line.
    package init?(withoutText irc: IRCMessage) {
        guard irc.command == .notice, !irc.hasText, let channel = irc.channel else { return nil }
        self.irc = irc
        self.channel = channel
    }

    /// What to compare, rather than the text; nil for notices about login.
    package var messageID: String? { self.irc.nonEmpty(.messageKind) }
    package var text: String { self.irc.textBehindTarget }
    package var targetUserID: String? { self.irc.nonEmpty(.targetUserID) }
}
