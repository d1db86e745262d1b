import TwitchIRC

/// A line written in a test.
func message(_ line: String) throws -> IRCMessage { try IRCMessage(Array(line.utf8)) }

/// The PRIVMSG in a line written in a test.
func privmsg(_ line: String) throws -> PrivateMessage {
    guard case .privmsg(let message) = try TwitchMessage(message(line)) else { throw UnexpectedKind() }
    return message
}

/// The USERNOTICE with these tags.
func usernotice(_ tags: String, text: String = "") throws -> UserNotice {
    let line = "@\(tags) :tmi.twitch.tv USERNOTICE #quietharbor\(text)"
    guard case .usernotice(let notice) = try TwitchMessage(message(line)) else { throw UnexpectedKind() }
    return notice
}

struct UnexpectedKind: Error {}
