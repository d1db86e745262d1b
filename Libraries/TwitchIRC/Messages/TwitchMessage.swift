/// One line from Twitch, read by its command. The values are views of the line: each property reads its tag when asked,
/// so take what you need once.
package enum TwitchMessage: Sendable {
    case privmsg(PrivateMessage)
    case usernotice(UserNotice)
    case clearchat(ClearChat)
    case clearmsg(ClearMessage)
    case notice(Notice)
    case roomstate(RoomState)
    case userstate(UserState)
    case globaluserstate(GlobalUserState)
    /// The server will close this connection soon.
    case reconnect(IRCMessage)
    case join(Membership)
    case part(Membership)
    /// Any three-digit reply, NAMES (353, 366) among them.
    case numeric(NumericReply)
    case cap(CapabilityReply)
    /// To be answered with `PONG` and the same text.
    case ping(KeepAlive)
    case pong(KeepAlive)
    case whisper(Whisper)
    case hosttarget(HostTarget)
    /// A command unknown here.
    case other(IRCMessage)

    /// Fails only when what makes the command useful is missing, such as the text of a PRIVMSG.
    package init(_ irc: IRCMessage) throws(TwitchMessageError) {
        self =
            switch irc.command {
            case .privmsg: .privmsg(try PrivateMessage(irc))
            case .usernotice: .usernotice(try UserNotice(irc))
            case .clearchat: .clearchat(try ClearChat(irc))
            case .clearmsg: .clearmsg(try ClearMessage(irc))
            case .notice: .notice(try Notice(irc))
            case .roomstate: .roomstate(try RoomState(irc))
            case .userstate: .userstate(try UserState(irc))
            case .globaluserstate: .globaluserstate(GlobalUserState(irc: irc))
            case .reconnect: .reconnect(irc)
            case .join: .join(try Membership(irc))
            case .part: .part(try Membership(irc))
            case .numeric(let code): .numeric(NumericReply(code: code, irc: irc))
            case .cap: .cap(try CapabilityReply(irc))
            case .ping: .ping(KeepAlive(irc: irc))
            case .pong: .pong(KeepAlive(irc: irc))
            case .whisper: .whisper(try Whisper(irc))
            case .hosttarget: .hosttarget(try HostTarget(irc))
            case .other: .other(irc)
            }
    }
}

/// An IRC line that is fine as such but lacks what its command needs.
package struct TwitchMessageError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Part: String, Hashable, Sendable {
        case channel
        case text
        case target
        case subcommand
    }

    package let command: String
    package let missing: Part

    package var description: String { "\(self.command) has no \(self.missing.rawValue)" }
}

extension IRCMessage {
    func missing(_ part: TwitchMessageError.Part) -> TwitchMessageError {
        TwitchMessageError(command: self.command.name, missing: part)
    }

    func requireChannel() throws(TwitchMessageError) -> String {
        guard let channel = self.channel, !channel.isEmpty else { throw self.missing(.channel) }
        return channel
    }
}
