/// PING or PONG.
package struct KeepAlive: Sendable {
    package let irc: IRCMessage

    /// What the answer must repeat; empty when none was sent.
    package var text: String { self.irc.trailing ?? "" }
}
