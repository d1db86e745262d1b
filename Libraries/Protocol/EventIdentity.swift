/// What two deliveries of one thing have in common, for everybody who compares them.
///
/// The gateway drops what it published before by this, and each table's natural key is made of the same values. An
/// identity that knew less than its table would lose events that the archive keeps.
package enum EventIdentity: Hashable, Sendable {
    /// `chat_messages`: an id is one of its room; nothing keeps two rooms from having the same.
    case message(id: String, room: String)
    /// `chat_notifications`.
    case notification(id: String, room: String)
    /// `message_deleted_events`: at most one deletion of a message in its room.
    case deletion(messageID: String, room: String)
    /// `user_banned_events`.
    case ban(Target, isPermanent: Bool, durationSeconds: Int?, at: Timestamp)
    /// `chat_clears`.
    case clear(roomID: String, roomLogin: String, at: Timestamp)

    /// Who is banned, and where.
    package struct Target: Hashable, Sendable {
        package var roomID: String
        package var roomLogin: String
        package var userID: String
        package var userLogin: String

        package init(roomID: String, roomLogin: String, userID: String, userLogin: String) {
            self.roomID = roomID
            self.roomLogin = roomLogin
            self.userID = userID
            self.userLogin = userLogin
        }
    }
}

extension Event {
    /// By which the event is known again; nil for what has no id, and for kinds that Twitch gives none.
    ///
    /// A ban's and a clear's counts only where `bannedAt` and `clearedAt` are Twitch's time.
    package var identity: EventIdentity? {
        switch self {
        case .chatMessage(let event):
            event.messageID.isEmpty
                ? nil
                : .message(id: event.messageID, room: Self.room(event.broadcasterUserID, event.broadcasterUserLogin))
        case .chatNotification(let event):
            event.messageID.isEmpty
                ? nil
                : .notification(
                    id: event.messageID,
                    room: Self.room(event.broadcasterUserID, event.broadcasterUserLogin)
                )
        case .chatMessageDelete(let event):
            event.messageID.isEmpty
                ? nil
                : .deletion(
                    messageID: event.messageID,
                    room: Self.room(event.broadcasterUserID, event.broadcasterUserLogin)
                )
        case .ban(let event):
            .ban(
                EventIdentity.Target(
                    roomID: event.broadcasterUserID,
                    roomLogin: event.broadcasterUserLogin,
                    userID: event.userID,
                    userLogin: event.userLogin
                ),
                isPermanent: event.isPermanent,
                durationSeconds: event.durationSeconds,
                at: event.bannedAt
            )
        case .chatClear(let event):
            .clear(roomID: event.broadcasterUserID, roomLogin: event.broadcasterUserLogin, at: event.clearedAt)
        default: nil
        }
    }

    /// A room's id; its name where Twitch has not told the id, which no id looks like.
    private static func room(_ id: String, _ login: String) -> String { id.isEmpty ? "#" + login : id }
}
