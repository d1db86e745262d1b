/// `collection.started`: from now on everything said in the channel is recorded.
package struct CollectionStarted: Hashable, Sendable, Codable {
    /// The channel's user id (`room-id`); empty where Twitch sent none and none was learnt from ROOMSTATE.
    package var broadcasterUserID: String
    /// The channel's login, without `#`.
    package var broadcasterUserLogin: String
    /// Pairs the start with its stop.
    package var sessionID: String
    /// The producer that listens.
    package var gateway: String
    /// Which of its connections.
    package var connection: Int
    package var startedAt: Timestamp

    package init(
        broadcasterUserID: String,
        broadcasterUserLogin: String,
        sessionID: String,
        gateway: String,
        connection: Int,
        startedAt: Timestamp
    ) {
        self.broadcasterUserID = broadcasterUserID
        self.broadcasterUserLogin = broadcasterUserLogin
        self.sessionID = sessionID
        self.gateway = gateway
        self.connection = connection
        self.startedAt = startedAt
    }

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case broadcasterUserID = "broadcaster_user_id"
        case broadcasterUserLogin = "broadcaster_user_login"
        case sessionID = "session_id"
        case gateway
        case connection
        case startedAt = "started_at"
    }
}

/// `collection.stopped`: the channel is no longer listened to, or could not be joined.
package struct CollectionStopped: Hashable, Sendable, Codable {
    /// The channel's user id (`room-id`); empty where Twitch sent none and none was learnt from ROOMSTATE.
    package var broadcasterUserID: String
    /// The channel's login, without `#`.
    package var broadcasterUserLogin: String
    package var sessionID: String
    package var gateway: String
    package var connection: Int
    /// `shutdown`, `removed`, `moved`, `handed_over`, `connection_lost`, `parted`, `dropped`, `suspended`, `banned`,
    /// `crashed`; or `refused_…` for a JOIN that was refused, which is the end of a session that never was; or
    /// `clock_set_by_<n>ms`, which marks that the gateway's clock was set and ends nothing.
    package var reason: String
    /// From when on nothing is recorded.
    package var stoppedAt: Timestamp

    package init(
        broadcasterUserID: String,
        broadcasterUserLogin: String,
        sessionID: String,
        gateway: String,
        connection: Int,
        reason: String,
        stoppedAt: Timestamp
    ) {
        self.broadcasterUserID = broadcasterUserID
        self.broadcasterUserLogin = broadcasterUserLogin
        self.sessionID = sessionID
        self.gateway = gateway
        self.connection = connection
        self.reason = reason
        self.stoppedAt = stoppedAt
    }

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case broadcasterUserID = "broadcaster_user_id"
        case broadcasterUserLogin = "broadcaster_user_login"
        case sessionID = "session_id"
        case gateway
        case connection
        case reason
        case stoppedAt = "stopped_at"
    }
}
