/// ROOMSTATE: a room's modes, all after JOIN, afterwards only what changed. nil means not told.
package struct RoomState: RoomMessage {
    package let irc: IRCMessage
    package let channel: String

    init(_ irc: IRCMessage) throws(TwitchMessageError) {
        self.irc = irc
        self.channel = try irc.requireChannel()
    }

    package var emoteOnly: Bool? { self.irc.flag(.emoteOnly) }
    /// -1 off, 0 any follower, n minutes of following.
    package var followersOnlyMinutes: Int? { self.irc.integer(.followersOnly, in: -1...DecimalNumber.largestCount) }
    package var uniqueChat: Bool? { self.irc.flag(.r9k) }
    /// 0 off.
    package var slowSeconds: Int? { self.irc.integer(.slow, in: 0...DecimalNumber.largestCount) }
    package var subscribersOnly: Bool? { self.irc.flag(.subsOnly) }
    /// Sent after JOIN: the sign that the room was joined.
    package var isFull: Bool { self.irc.range(of: .slow) != nil && self.irc.range(of: .subsOnly) != nil }
}
