/// Who or what a line comes from: `nick!user@host`, `nick@host`, or a bare server name, which is the host.
package struct IRCPrefix: Hashable, Sendable {
    /// The prefix as sent, without its colon.
    package let raw: String
    package let nick: String?
    package let user: String?
    package let host: String?

    init(_ raw: String) {
        self.raw = raw
        let text = Substring(raw)
        guard let at = text.firstIndex(of: "@") else {
            if let bang = text.firstIndex(of: "!") {
                self.nick = String(text[..<bang])
                self.user = String(text[text.index(after: bang)...])
                self.host = nil
            } else {
                self.nick = nil
                self.user = nil
                self.host = raw
            }
            return
        }
        let name = text[..<at]
        self.host = String(text[text.index(after: at)...])
        if let bang = name.firstIndex(of: "!") {
            self.nick = String(name[..<bang])
            self.user = String(name[name.index(after: bang)...])
        } else {
            self.nick = String(name)
            self.user = nil
        }
    }
}

extension IRCMessage {
    /// The prefix's nick, which Twitch makes the sender's login; empty for a line from the server.
    package var login: String {
        guard let range = self.prefixRange else { return "" }
        let prefix = self.slice(range)
        guard let end = prefix.firstIndex(where: { $0 == UInt8(ascii: "!") || $0 == .at }) else { return "" }
        return String(decoding: prefix[..<end], as: UTF8.self)
    }
}
