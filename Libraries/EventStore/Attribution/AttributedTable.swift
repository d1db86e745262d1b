/// The tables whose rows belong to a stream, and the moment that decides.
package enum AttributedTable: String, CaseIterable, Sendable {
    case messages = "chat_messages"
    case notifications = "chat_notifications"
    case deletions = "message_deleted_events"
    case bans = "user_banned_events"
    case unbans = "user_unbanned_events"
    case clears = "chat_clears"

    /// The column with the time of what happened, as opposed to when we heard of it.
    package var timeColumn: String {
        switch self {
        case .messages, .notifications: "sent_at"
        case .deletions: "deleted_at"
        case .bans: "banned_at"
        case .unbans: "unbanned_at"
        case .clears: "cleared_at"
        }
    }
}
