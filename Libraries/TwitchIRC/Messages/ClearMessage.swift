/// CLEARMSG: one message was deleted.
package struct ClearMessage: RoomMessage {
    package let irc: IRCMessage
    package let channel: String
    package let isAction: Bool
    private let textBytes: ArraySlice<UInt8>

    init(_ irc: IRCMessage) throws(TwitchMessageError) {
        self.irc = irc
        self.channel = try irc.requireChannel()
        guard irc.nonEmpty(.targetMessageID) != nil else { throw irc.missing(.target) }
        let (text, isAction) = (irc.hasText ? irc.unwrappedTrailing() : nil) ?? ([], false)
        self.textBytes = text
        self.isAction = isAction
    }

    /// The `id` of the deleted message.
    package var targetMessageID: String { self.irc.text(.targetMessageID) }
    /// Who had written it.
    package var login: String { self.irc.text(.login) }
    /// The deleted text without the ACTION wrapper.
    package var text: String { String(decoding: self.textBytes, as: UTF8.self) }
}
