/// The lines that Twitch's server answers with, without CR LF.
enum ServerLines {
    static let ping = "PING :tmi.twitch.tv"
    static let reconnect = ":tmi.twitch.tv RECONNECT"

    static func welcome(_ nick: String) -> [String] {
        [
            ":tmi.twitch.tv 001 \(nick) :Welcome, GLHF!",
            ":tmi.twitch.tv 002 \(nick) :Your host is tmi.twitch.tv",
            ":tmi.twitch.tv 003 \(nick) :This server is rather new",
            ":tmi.twitch.tv 004 \(nick) :-",
            ":tmi.twitch.tv 375 \(nick) :-",
            ":tmi.twitch.tv 372 \(nick) :You are in a maze of twisty passages, all alike.",
            ":tmi.twitch.tv 376 \(nick) :>",
        ]
    }

    static func globalUserState(_ nick: String, userID: String) -> String {
        "@badge-info=;badges=;color=;display-name=\(nick);emote-sets=0;user-id=\(userID);user-type= "
            + ":tmi.twitch.tv GLOBALUSERSTATE"
    }

    static func userState(_ nick: String, in channel: String, messageID: String? = nil) -> String {
        let id = messageID.map { "id=\($0);" } ?? ""
        return "@badge-info=;badges=;color=;display-name=\(nick);emote-sets=0;\(id)mod=0;subscriber=0;user-type= "
            + ":tmi.twitch.tv USERSTATE #\(channel)"
    }

    static func join(_ nick: String, _ channel: String) -> String {
        ":\(nick)!\(nick)@\(nick).tmi.twitch.tv JOIN #\(channel)"
    }

    static func part(_ nick: String, _ channel: String) -> String {
        ":\(nick)!\(nick)@\(nick).tmi.twitch.tv PART #\(channel)"
    }

    static func names(_ nick: String, _ channel: String) -> [String] {
        [
            ":\(nick).tmi.twitch.tv 353 \(nick) = #\(channel) :\(nick)",
            ":\(nick).tmi.twitch.tv 366 \(nick) #\(channel) :End of /NAMES list",
        ]
    }

    /// A notice about the connection itself: target `*`, no tags.
    static func notice(_ text: String) -> String { ":tmi.twitch.tv NOTICE * :\(text)" }

    static func notice(_ id: String, in channel: String, _ text: String) -> String {
        "@msg-id=\(id) :tmi.twitch.tv NOTICE #\(channel) :\(text)"
    }

    static func unknownCommand(_ command: String, _ nick: String) -> String {
        ":tmi.twitch.tv 421 \(nick) \(command) :Unknown command"
    }
}

extension ServerLines {
    /// The command of a line of our own; empty for a notice about the connection, which needs no capability.
    static func command(of line: String) -> String {
        let words = line.split(separator: " ", maxSplits: 4)
        let command = words.first { !$0.hasPrefix("@") && !$0.hasPrefix(":") }
        return line.contains(" NOTICE * :") ? "" : String(command ?? "")
    }
}
