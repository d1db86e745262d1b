/// CLEARCHAT: a timeout, a permanent ban, or the whole chat cleared. IRC tells neither moderator nor reason.
package struct ClearChat: RoomMessage {
    package enum Action: Hashable, Sendable {
        /// `userID` is empty where Twitch sent none; `seconds` is nil for a length that cannot be read: a ban that is
        /// said to have a duration is not permanent, whatever the duration is.
        case timeout(login: String, userID: String, seconds: Int?)
        case ban(login: String, userID: String)
        case clear
    }

    package let irc: IRCMessage
    package let channel: String
    package let action: Action

    init(_ irc: IRCMessage) throws(TwitchMessageError) {
        self.irc = irc
        self.channel = try irc.requireChannel()
        guard irc.hasText, let login = irc.trailing, !login.isEmpty else {
            // A user id without a login would otherwise turn a ban into a clear.
            guard irc.nonEmpty(.targetUserID) == nil else { throw irc.missing(.target) }
            self.action = .clear
            return
        }
        let userID = irc.text(.targetUserID)
        if irc.range(of: .banDuration) != nil {
            let seconds = irc.integer(.banDuration, in: 0...DecimalNumber.largestCount)
            self.action = .timeout(login: login, userID: userID, seconds: seconds)
        } else {
            self.action = .ban(login: login, userID: userID)
        }
    }

    /// In lines of years ago only.
    package var reason: String? { self.irc.nonEmpty(.banReason) }
}
