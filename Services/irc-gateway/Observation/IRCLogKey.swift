/// The metadata keys of the gateway's log lines.
enum IRCLogKey {
    static let channel = "irc.channel"
    static let connection = "irc.connection"
    static let reader = "irc.reader"
    static let cause = "irc.cause"
    static let server = "irc.server"
    static let nick = "irc.nick"
    static let line = "irc.line"
    static let reason = "reason"
    static let count = "count"
    static let error = "error"
    static let lastAlive = "collection.last_alive"
    static let pause = "retry.pause"
}
