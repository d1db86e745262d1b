/// A message with tags about the person who acts.
package protocol ChatterTags: Sendable {
    /// The line it was read from.
    var irc: IRCMessage { get }
}

extension ChatterTags {
    /// `user-id`, the only stable key of a person; empty when absent.
    package var userID: String { self.irc.text(.userID) }
    /// As sent: may be empty, localized, or hold spaces.
    package var displayName: String { self.irc.text(.displayName) }
    /// `#RRGGBB`; nil when the user has none.
    package var color: String? { self.irc.nonEmpty(.color) }
    /// `badges`: set and version.
    package var badges: [ChatBadge] { ChatBadge.list(self.irc.rawValue(.badges)) }
    /// `badge-info`: set and exact value, such as months of a subscription.
    package var badgeInfo: [ChatBadge] { ChatBadge.list(self.irc.rawValue(.badgeInfo)) }
    package var isModerator: Bool { self.irc.flag(.mod) ?? false }
    package var isSubscriber: Bool { self.irc.flag(.subscriber) ?? false }
    package var isTurbo: Bool { self.irc.flag(.turbo) ?? false }
    /// Empty, `mod`, `admin`, `global_mod`, `staff`.
    package var userType: String { self.irc.text(.userType) }
}

/// A message that a room received at a time.
package protocol RoomMessage: Sendable {
    /// The line it was read from.
    var irc: IRCMessage { get }
    /// The channel's login, without `#`.
    var channel: String { get }
}

extension RoomMessage {
    /// `room-id`, the channel's user id; empty when absent.
    package var roomID: String { self.irc.text(.roomID) }
    /// `tmi-sent-ts`, milliseconds since 1970 by Twitch's clock; nil when absent or unreadable.
    package var sentMilliseconds: Int? { self.irc.integer(.tmiSentTimestamp) }
}
