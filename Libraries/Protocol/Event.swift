/// What happened: the `type` and the `data` of an envelope.
package indirect enum Event: Hashable, Sendable {
    case chatMessage(ChatMessage)
    case chatNotification(ChatNotification)
    case chatMessageDelete(ChatMessageDelete)
    case chatClear(ChatClear)
    case ban(Ban)
    case unban(Unban)
    case chatSettingsUpdate(ChatSettingsUpdate)
    case chatNotice(ChatNotice)
    case streamOnline(StreamOnline)
    case streamUpdate(StreamUpdate)
    case streamOffline(StreamOffline)
    case userUpdate(UserUpdate)
    case collectionStarted(CollectionStarted)
    case collectionStopped(CollectionStopped)
    case collectionBackfilled(CollectionBackfilled)
    case tokenIssued(TokenIssued)
    case tokenRejected(TokenRejected)

    package var type: EventType {
        switch self {
        case .chatMessage: .chatMessage
        case .chatNotification: .chatNotification
        case .chatMessageDelete: .chatMessageDelete
        case .chatClear: .chatClear
        case .ban: .ban
        case .unban: .unban
        case .chatSettingsUpdate: .chatSettingsUpdate
        case .chatNotice: .chatNotice
        case .streamOnline: .streamOnline
        case .streamUpdate: .streamUpdate
        case .streamOffline: .streamOffline
        case .userUpdate: .userUpdate
        case .collectionStarted: .collectionStarted
        case .collectionStopped: .collectionStopped
        case .collectionBackfilled: .collectionBackfilled
        case .tokenIssued: .tokenIssued
        case .tokenRejected: .tokenRejected
        }
    }
}
