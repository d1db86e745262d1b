extension Event {
    /// When a gateway read the line that this came from, by its own clock; nil for what came from no line.
    package var receivedAt: Timestamp? {
        switch self {
        case .chatMessage(let event): event.receivedAt
        case .chatNotification(let event): event.receivedAt
        case .chatMessageDelete(let event): event.receivedAt
        case .chatClear(let event): event.receivedAt
        case .ban(let event): event.receivedAt
        case .unban(let event): event.receivedAt
        case .chatSettingsUpdate(let event): event.receivedAt
        case .chatNotice(let event): event.receivedAt
        case .streamOnline, .streamUpdate, .streamOffline, .userUpdate, .collectionStarted, .collectionStopped,
            .collectionBackfilled,
            .tokenIssued, .tokenRejected:
            nil
        }
    }
}
