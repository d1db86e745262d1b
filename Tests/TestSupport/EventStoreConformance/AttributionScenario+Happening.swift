import EventStore
import Protocol

extension AttributionScenario.Happening {
    /// The event whose row carries the tag in `raw`.
    var event: Event {
        switch table {
        case .messages:
            var message = ConformanceEvents.message(tag, raw: tag, broadcaster: channel)
            message.sentAt = at
            return .chatMessage(message)
        case .notifications:
            var notification = ConformanceEvents.notification
            notification.messageID = tag
            notification.broadcasterUserID = channel
            notification.sentAt = at
            notification.raw = tag
            return .chatNotification(notification)
        case .deletions:
            var deletion = ConformanceEvents.deletion
            deletion.messageID = tag
            deletion.broadcasterUserID = channel
            deletion.deletedAt = at
            deletion.raw = tag
            return .chatMessageDelete(deletion)
        case .bans:
            var ban = ConformanceEvents.timeout
            ban.broadcasterUserID = channel
            ban.userID = tag
            ban.bannedAt = at
            ban.raw = tag
            return .ban(ban)
        case .unbans:
            return .unban(
                Unban(
                    broadcasterUserID: channel,
                    broadcasterUserLogin: "quietharbor",
                    userID: tag,
                    userLogin: "mina",
                    unbannedAt: at,
                    receivedAt: at,
                    raw: tag
                )
            )
        case .clears:
            return .chatClear(
                ChatClear(
                    broadcasterUserID: channel,
                    // Part of the key: two clears at one moment must both be rows.
                    broadcasterUserLogin: tag,
                    clearedAt: at,
                    receivedAt: at,
                    raw: tag
                )
            )
        }
    }
}
