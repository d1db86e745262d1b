/// The `msg-param-*` tags of one line, by the name after that prefix.
struct NoticeParameters {
    static let prefix = Array("msg-param-".utf8)

    let irc: IRCMessage

    func text(_ name: String) -> String? { self.irc.nonEmpty(IRCTag("msg-param-" + name)) }
    func integer(_ name: String) -> Int? { self.irc.integer(IRCTag("msg-param-" + name)) }
    func flag(_ name: String) -> Bool? { self.irc.flag(IRCTag("msg-param-" + name)) }
}
