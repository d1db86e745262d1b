/// The tables of what Twitch sends without an id, where two readers' copies of one thing must be recognised.
package enum CopyTable: String, CaseIterable, Sendable {
    case bans = "user_banned_events"
    case clears = "chat_clears"
    case notices = "chat_notices"
    case settings = "chat_settings"

    package enum ColumnType: Sendable {
        case text
        case integer
        case boolean
    }

    /// When it happened: Twitch's clock where it told it, else the reader's.
    package var timeColumn: String {
        switch self {
        case .bans: "banned_at"
        case .clears: "cleared_at"
        case .notices, .settings: "received_at"
        }
    }

    /// Whether one moment has no two things of the same content: Twitch's clock tells milliseconds, a reader's does not
    /// tell two lines of one packet apart.
    var hasNaturalKey: Bool { self == .bans || self == .clears }

    /// What copies have in common, the room first. A notice names its room by the login only: its id is learnt, by one
    /// reader sooner than by another.
    package var contentColumns: [(name: String, type: ColumnType)] {
        switch self {
        case .bans:
            [
                ("broadcaster_user_id", .text), ("broadcaster_user_login", .text), ("user_id", .text),
                ("user_login", .text), ("is_permanent", .boolean), ("duration_seconds", .integer),
            ]
        case .clears: [("broadcaster_user_id", .text), ("broadcaster_user_login", .text)]
        case .notices: [("broadcaster_user_login", .text), ("notice_id", .text), ("message_text", .text)]
        case .settings:
            [
                ("broadcaster_user_login", .text), ("emote_mode", .boolean), ("follower_mode_minutes", .integer),
                ("unique_chat_mode", .boolean), ("slow_mode_seconds", .integer), ("subscriber_mode", .boolean),
            ]
        }
    }
}
