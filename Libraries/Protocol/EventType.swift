/// The `type` of an envelope: Twitch's EventSub vocabulary, and our own words for what EventSub does not know.
package struct EventType: RawRepresentable, Hashable, Sendable, Codable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package static let chatMessage = EventType(rawValue: "channel.chat.message")
    package static let chatNotification = EventType(rawValue: "channel.chat.notification")
    package static let chatMessageDelete = EventType(rawValue: "channel.chat.message_delete")
    package static let chatClear = EventType(rawValue: "channel.chat.clear")
    package static let ban = EventType(rawValue: "channel.ban")
    package static let unban = EventType(rawValue: "channel.unban")
    package static let chatSettingsUpdate = EventType(rawValue: "channel.chat_settings.update")
    package static let chatNotice = EventType(rawValue: "channel.chat.notice")
    package static let streamOnline = EventType(rawValue: "stream.online")
    package static let streamUpdate = EventType(rawValue: "stream.update")
    package static let streamOffline = EventType(rawValue: "stream.offline")
    package static let userUpdate = EventType(rawValue: "user.update")
    package static let collectionStarted = EventType(rawValue: "collection.started")
    package static let collectionStopped = EventType(rawValue: "collection.stopped")
    package static let collectionBackfilled = EventType(rawValue: "collection.backfilled")
    package static let tokenIssued = EventType(rawValue: "token.issued")
    package static let tokenRejected = EventType(rawValue: "token.rejected")
}
