/// HOSTTARGET: a channel hosts another, or stops. Hosting ended in 2022: for old logs.
package struct HostTarget: Sendable {
    package let irc: IRCMessage
    package let channel: String
    /// The hosted channel's login; nil when hosting stopped.
    package let target: String?
    package let viewers: Int?

    init(_ irc: IRCMessage) throws(TwitchMessageError) {
        self.irc = irc
        self.channel = try irc.requireChannel()
        let words = irc.parameters.dropFirst().flatMap { $0.split(separator: " ") }
        guard let target = words.first else { throw irc.missing(.target) }
        self.target = target == "-" ? nil : String(target)
        self.viewers = words.dropFirst().first.flatMap { Int($0) }
    }
}
