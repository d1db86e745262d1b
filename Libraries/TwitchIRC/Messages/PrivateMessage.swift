/// PRIVMSG: what somebody wrote in a channel.
package struct PrivateMessage: ChatterTags, RoomMessage {
    package let irc: IRCMessage
    /// The channel's login, without `#`.
    package let channel: String
    /// Written with /me.
    package let isAction: Bool
    private let textBytes: ArraySlice<UInt8>

    init(_ irc: IRCMessage) throws(TwitchMessageError) {
        // `PRIVMSG nick :text` is not Twitch's, but costs nothing to keep.
        guard let first = irc.firstParameterRange else { throw irc.missing(.channel) }
        guard irc.hasText, let (text, isAction) = irc.unwrappedTrailing() else { throw irc.missing(.text) }
        self.irc = irc
        self.channel = irc.channel ?? irc.string(first)
        self.textBytes = text
        self.isAction = isAction
    }

    /// A PRIVMSG that ends behind its channel: somebody wrote something empty. nil for any other line.
    package init?(withoutText irc: IRCMessage) {
        guard irc.command == .privmsg, !irc.hasText, let channel = irc.channel, !channel.isEmpty else { return nil }
        self.irc = irc
        self.channel = channel
        self.textBytes = []
        self.isAction = false
    }

    /// The text without the ACTION wrapper.
    package var text: String { String(decoding: self.textBytes, as: UTF8.self) }
    /// UUID of this delivery in this room, the key for removing duplicates; empty when absent.
    package var id: String { self.irc.text(.id) }
    /// The sender's login, from the prefix.
    package var login: String { self.irc.login }
    /// Sorted by place. Read from the tag at each call, without looking at the text.
    package var emotes: [EmoteOccurrence] { EmoteOccurrence.list(self.irc.rawValue(.emotes)) }
    package var flags: [AutoModFlag] { AutoModFlag.list(self.irc.rawValue(.flags)) }
    package var gifs: [GIFOccurrence] { GIFOccurrence.list(self.irc.rawValue(.gifs)) }
    /// Present for VIPs only; `vip=0` is understood too.
    package var isVIP: Bool { self.irc.range(of: .vip) != nil && self.irc.flag(.vip) != false }
    /// The sender's first message ever in this channel.
    package var isFirstMessage: Bool { self.irc.flag(.firstMessage) ?? false }
    package var isReturningChatter: Bool { self.irc.flag(.returningChatter) ?? false }
    package var isEmoteOnly: Bool { self.irc.flag(.emoteOnly) ?? false }
    /// Nonce chosen by the sending client.
    package var clientNonce: String? { self.irc.nonEmpty(.clientNonce) }
    /// Bits cheered; nil when none, and for a number that is no count of bits.
    package var bits: Int? { self.irc.integer(.bits, in: 1...DecimalNumber.largestCount) }
    /// `msg-id`, such as `highlighted-message`; nil for an ordinary message.
    package var messageKind: String? { self.irc.nonEmpty(.messageKind) }
    package var animationID: String? { self.irc.nonEmpty(.animationID) }
    /// The channel-point reward redeemed with this text; a UUID or the constant `CELEBRATION`.
    package var customRewardID: String? { self.irc.nonEmpty(.customRewardID) }
    package var reply: ReplyParent? { ReplyParent(self.irc) }
    package var sharedChat: SharedChatOrigin? { SharedChatOrigin(self.irc) }
    package var hypeChat: HypeChat? { HypeChat(self.irc) }
    package var crowdChantParentMessageID: String? { self.irc.nonEmpty(.crowdChantParentMessageID) }
    /// The sending client's clock, milliseconds since 1970; in old logs only.
    package var clientSentMilliseconds: Int? { self.irc.integer(.sentTimestamp) }
}
