/// JOIN or PART, your own or, with `twitch.tv/membership`, anybody's.
package struct Membership: Sendable {
    package let irc: IRCMessage
    /// Without `#`.
    package let channel: String
    /// Who came or went.
    package let login: String

    init(_ irc: IRCMessage) throws(TwitchMessageError) {
        guard let first = irc.firstParameterRange else { throw irc.missing(.channel) }
        self.irc = irc
        self.channel = irc.channel ?? irc.string(first)
        self.login = irc.login
    }
}
