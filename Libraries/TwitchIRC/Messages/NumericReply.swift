/// A three-digit reply, such as 001 (logged in), 353 (names) or 421 (unknown command).
package struct NumericReply: Sendable {
    package let code: Int
    package let irc: IRCMessage

    /// Whom the server addresses: your login.
    package var target: String? { self.irc.firstParameterRange.map(self.irc.string) }
    /// The channel it speaks of, without `#`.
    package var channel: String? { self.irc.channel }
    package var text: String { self.irc.trailing ?? "" }
    /// The logins in a 353; empty for any other reply.
    package var names: [String] {
        self.code == 353 ? self.text.split(separator: " ").map(String.init) : []
    }
}
