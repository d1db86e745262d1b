/// CAP: the answer to a request for capabilities.
package struct CapabilityReply: Sendable {
    package enum Outcome: Hashable, Sendable {
        case acknowledged
        case refused
        /// `LS` and others.
        case other(String)
    }

    package let irc: IRCMessage
    package let outcome: Outcome
    /// Such as `twitch.tv/tags`.
    package let capabilities: [String]

    init(_ irc: IRCMessage) throws(TwitchMessageError) {
        let parameters = irc.parameters
        guard parameters.count >= 2 else { throw irc.missing(.subcommand) }
        self.irc = irc
        self.outcome =
            switch parameters[1].uppercased() {
            case "ACK": .acknowledged
            case "NAK": .refused
            case let other: .other(other)
            }
        self.capabilities = parameters.dropFirst(2).flatMap { $0.split(separator: " ") }.map(String.init)
    }
}
