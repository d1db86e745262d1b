/// A channel as a person names it: its login, `#login`, `@login`, its user id, or the address of its page.
package enum ChannelReference: Hashable, Sendable {
    /// Lower-case, 1 to 25 of letters, digits and `_`.
    case login(String)
    /// A positive decimal number.
    case userID(String)

    /// Reads `text`; nil where it names no channel.
    ///
    /// Digits alone are a user id. A login of digits is named as `#123` or by its address.
    package init?(_ text: String) {
        let text = text.trimmingWhitespace()
        if let login = Self.login(inAddress: text) {
            self = .login(login)
        } else if let mark = text.first, mark == "#" || mark == "@" {
            guard let login = Self.login(String(text.dropFirst())) else { return nil }
            self = .login(login)
        } else if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            let number = text.drop { $0 == "0" }
            guard (1...19).contains(number.utf8.count) else { return nil }
            self = .userID(String(number))
        } else {
            guard let login = Self.login(text) else { return nil }
            self = .login(login)
        }
    }

    /// The login in the address of a channel's page or chat, such as `https://www.twitch.tv/shroud?sr=a` or
    /// `twitch.tv/popout/shroud/chat`; nil for every other text.
    static func login(inAddress text: String) -> String? {
        var rest = text.lowercased()[...]
        for scheme in ["https://", "http://"] where rest.hasPrefix(scheme) { rest = rest.dropFirst(scheme.count) }
        let host = rest.prefix { $0 != "/" }
        guard ["twitch.tv", "www.twitch.tv", "m.twitch.tv", "go.twitch.tv"].contains(String(host)) else { return nil }
        var parts = rest.dropFirst(host.count).prefix { $0 != "?" && $0 != "#" }.split(separator: "/")
        if let first = parts.first, ["popout", "embed", "moderator"].contains(first) { parts.removeFirst() }
        // Pages of Twitch itself; nobody can have these as a login.
        guard let name = parts.first, !["directory", "videos", "settings", "downloads", "p"].contains(name) else {
            return nil
        }
        return login(String(name))
    }

    /// The login that `text` is, in lower case; nil where it is none.
    static func login(_ text: String) -> String? {
        let login = text.utf8.allSatisfy { $0 < 0x80 } ? text.lowercased() : text
        return ChannelList.isLogin(login) ? login : nil
    }
}
