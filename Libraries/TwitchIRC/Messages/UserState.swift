/// USERSTATE: yourself in a room, after JOIN and after each own message.
package struct UserState: ChatterTags, RoomMessage {
    package let irc: IRCMessage
    package let channel: String

    init(_ irc: IRCMessage) throws(TwitchMessageError) {
        self.irc = irc
        self.channel = try irc.requireChannel()
    }

    /// The id of the message just sent; nil after JOIN.
    package var id: String? { self.irc.nonEmpty(.id) }
    package var emoteSets: [String] { self.irc.emoteSets }
}

/// GLOBALUSERSTATE: yourself, after login with an account.
package struct GlobalUserState: ChatterTags {
    package let irc: IRCMessage

    package var emoteSets: [String] { self.irc.emoteSets }
}

extension IRCMessage {
    /// Decimal numbers and UUIDs.
    fileprivate var emoteSets: [String] {
        self.rawValue(.emoteSets).split(separator: UInt8(ascii: ",")).map(TagValue.unescape)
    }
}
