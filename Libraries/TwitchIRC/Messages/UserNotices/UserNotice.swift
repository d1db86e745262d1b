/// USERNOTICE: a subscription, raid, announcement or another event with a user behind it.
package struct UserNotice: ChatterTags, RoomMessage {
    package let irc: IRCMessage
    package let channel: String

    init(_ irc: IRCMessage) throws(TwitchMessageError) {
        self.irc = irc
        self.channel = try irc.requireChannel()
    }

    /// The kind and its typed parameters.
    package var kind: UserNoticeKind { UserNoticeKind(self.irc) }
    /// The kind as sent (`msg-id`); empty when absent.
    package var kindName: String { self.irc.text(.messageKind) }
    /// Every `msg-param-*` tag by the name after that prefix, unescaped.
    package var parameters: [String: String] {
        let prefix = NoticeParameters.prefix
        var parameters: [String: String] = [:]
        for entry in self.irc.tags.entries {
            let key = self.irc.slice(entry.key)
            guard key.count > prefix.count, key.starts(with: prefix) else { continue }
            parameters[String(decoding: key.dropFirst(prefix.count), as: UTF8.self)] =
                TagValue.unescape(self.irc.slice(entry.value))
        }
        return parameters
    }
    /// Twitch's English sentence; may be empty.
    package var systemMessage: String { self.irc.text(.systemMessage) }
    /// What the user typed, as sent: an ACTION wrapper stays, because emote places count from its first byte here.
    /// Empty when nothing.
    package var text: String { self.irc.hasText ? self.irc.trailing ?? "" : "" }
    /// What the user said: the text without the ACTION wrapper.
    package var spokenText: String {
        guard self.irc.hasText, let (text, _) = self.irc.unwrappedTrailing() else { return "" }
        return String(decoding: text, as: UTF8.self)
    }
    /// The emotes with their places in `spokenText`.
    package var spokenEmotes: [EmoteOccurrence] {
        self.isAction ? EmoteOccurrence.moved(self.emotes, into: self.spokenText) : self.emotes
    }
    /// The text is wrapped as /me does.
    package var isAction: Bool { self.irc.hasText && self.irc.unwrappedTrailing()?.isAction == true }
    /// UUID of this delivery in this room; empty when absent.
    package var id: String { self.irc.text(.id) }
    /// The login of the acting user.
    package var login: String { self.irc.text(.login) }
    package var emotes: [EmoteOccurrence] { EmoteOccurrence.list(self.irc.rawValue(.emotes)) }
    package var flags: [AutoModFlag] { AutoModFlag.list(self.irc.rawValue(.flags)) }
    package var isVIP: Bool { self.irc.flag(.vip) ?? false }
    package var sharedChat: SharedChatOrigin? { SharedChatOrigin(self.irc) }
}
