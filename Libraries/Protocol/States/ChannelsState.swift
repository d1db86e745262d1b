/// The state of the SNAP topic `state.channels`: who the wanted channels are, as the stream-poller resolved them.
package struct ChannelsState: Hashable, Sendable, Codable {
    /// The topic of SNAP.
    package static let topic = "state.channels"

    /// One wanted channel.
    package struct Channel: Hashable, Sendable, Codable {
        /// How the list of channels names it: a login, which may be an older one, or the user id.
        package var listedAs: String
        package var userID: String
        /// The login now.
        package var userLogin: String
        package var userName: String

        package init(listedAs: String, userID: String, userLogin: String, userName: String) {
            self.listedAs = listedAs
            self.userID = userID
            self.userLogin = userLogin
            self.userName = userName
        }

        private enum CodingKeys: String, CodingKey {
            case listedAs = "listed_as"
            case userID = "user_id"
            case userLogin = "user_login"
            case userName = "user_name"
        }
    }

    package var channels: [Channel]
    /// Logins and ids of the list that Twitch does not know: misspelt, suspended or deleted.
    package var unknown: [String]

    package init(channels: [Channel], unknown: [String]) {
        self.channels = channels
        self.unknown = unknown
    }
}
