/// `user.update`: under which login a channel's user id is known from now on.
///
/// Published by the stream-poller when it resolves an id for the first time, and when the login or the display name
/// has changed since. Chat joins channels by login, and everything is kept by id: this is what ties the two.
package struct UserUpdate: Hashable, Sendable, Codable {
    package var userID: String
    /// The login now, lower-case: the channel's name on IRC.
    package var userLogin: String
    package var userName: String
    /// The login until now; absent when the id was not known before, or when only the display name has changed.
    package var previousUserLogin: String?
    /// When Helix said so. The rename itself was at some time before.
    package var observedAt: Timestamp

    package init(
        userID: String,
        userLogin: String,
        userName: String,
        previousUserLogin: String? = nil,
        observedAt: Timestamp
    ) {
        self.userID = userID
        self.userLogin = userLogin
        self.userName = userName
        self.previousUserLogin = previousUserLogin
        self.observedAt = observedAt
    }

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case userID = "user_id"
        case userLogin = "user_login"
        case userName = "user_name"
        case previousUserLogin = "previous_user_login"
        case observedAt = "observed_at"
    }
}
