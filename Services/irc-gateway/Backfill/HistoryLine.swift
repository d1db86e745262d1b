import Protocol
import TwitchIRC

/// One line of a history, as far as it can be read.
struct HistoryLine: Sendable {
    var bytes: ArraySlice<UInt8>
    /// By which it is known again.
    var key: UInt128
    var content: ReadLine.Content
    /// When the service received it; nil where it does not say.
    var storedAt: Timestamp?
    /// By our own clock.
    var receivedAt: Timestamp

    /// The message's id; nil for what has none.
    var messageID: String? { content.event.messageID }

    /// Nil for what is no chat of this channel: the channel's settings and notices have no identity by which they would be
    /// known again, and a service has nothing to say about others.
    init?(_ text: String, of login: String, by intake: ChatIntake, receivedAt: Timestamp) {
        let bytes = Array(text.utf8)[...]
        let irc = try? IRCMessage(bytes)
        storedAt = irc?.tag("rm-received-ts").flatMap { Int64($0) }.map(Timestamp.init(rawValue:))
            .flatMap { Timestamp.chatEra.contains($0) ? $0 : nil }
        // Without Twitch's time the service's is nearest to it.
        let fallback = irc?.tag("tmi-sent-ts") == nil ? storedAt : nil
        guard let content = intake.read(bytes, receivedAt: fallback ?? receivedAt)?.content, content.login == login,
            let key = content.key, let event = content.event.backfilled
        else { return nil }
        self.bytes = bytes
        self.key = key
        self.content = content
        self.content.event = event
        self.receivedAt = receivedAt
    }
}

extension Event {
    /// The id by which a message or a notification is known again.
    var messageID: String? {
        switch self {
        case .chatMessage(let event): event.messageID
        case .chatNotification(let event): event.messageID
        default: nil
        }
    }

    /// The same, marked as told by a history service; nil for what cannot be.
    var backfilled: Event? {
        switch self {
        case .chatMessage(var event):
            event.backfilled = true
            return .chatMessage(event)
        case .chatNotification(var event):
            event.backfilled = true
            return .chatNotification(event)
        case .chatMessageDelete(var event):
            event.backfilled = true
            return .chatMessageDelete(event)
        case .chatClear(var event):
            event.backfilled = true
            return .chatClear(event)
        case .ban(var event):
            event.backfilled = true
            return .ban(event)
        default:
            return nil
        }
    }
}
