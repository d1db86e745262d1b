/// WHISPER: a private text between two accounts; its text knows no ACTION wrapper.
package struct Whisper: ChatterTags {
    package let irc: IRCMessage
    /// The login it is addressed to.
    package let recipientLogin: String

    init(_ irc: IRCMessage) throws(TwitchMessageError) {
        guard let recipient = irc.firstParameterRange else { throw irc.missing(.target) }
        guard irc.hasText else { throw irc.missing(.text) }
        self.irc = irc
        self.recipientLogin = irc.string(recipient)
    }

    package var text: String { self.irc.trailing ?? "" }
    /// The sender's login.
    package var login: String { self.irc.login }
    /// Counts within its thread.
    package var messageID: String { self.irc.text(.messageID) }
    package var threadID: String { self.irc.text(.threadID) }
    package var emotes: [EmoteOccurrence] { EmoteOccurrence.list(self.irc.rawValue(.emotes)) }
}
