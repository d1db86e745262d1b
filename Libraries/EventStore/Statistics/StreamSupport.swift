package import Protocol

/// Subscriptions, gifts, bits and raids of one stream. What was given in another room that shared its chat is not in it.
package struct StreamSupport: Hashable, Sendable, Encodable {
    package struct Raid: Hashable, Sendable, Encodable {
        package var at: Timestamp
        package var userLogin: String
        package var userName: String
        package var viewers: Int

        package init(at: Timestamp, userLogin: String, userName: String, viewers: Int) {
            self.at = at
            self.userLogin = userLogin
            self.userName = userName
            self.viewers = viewers
        }
    }

    /// First subscriptions that people bought for themselves.
    package var subscriptions = 0
    package var resubscriptions = 0
    /// Subscriptions given to others. A wave counts what was announced or what arrived, whichever is more.
    package var gifts = 0
    /// Gifted or Prime subscriptions that were continued as paid ones.
    package var upgrades = 0
    package var bits = 0
    /// Messages with bits.
    package var cheers = 0
    /// Raids that came in, in order.
    package var raids: [Raid] = []
    /// Notifications of every kind, by Twitch's name for it.
    package var notifications: [String: Int] = [:]

    package init() {}
}
