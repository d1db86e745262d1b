extension CollectionStarted: JSONValue {
    private static let keys = JSONKeys(CodingKeys.self)

    func write(to json: inout JSONWriter) {
        json.byte("{")
        json.field("broadcaster_user_id", broadcasterUserID)
        json.field("broadcaster_user_login", broadcasterUserLogin)
        json.field("session_id", sessionID)
        json.field("gateway", gateway)
        json.field("connection", connection)
        json.field("started_at", startedAt)
        json.byte("}")
    }

    static func read(from json: inout JSONReader) throws(EnvelopeError) -> CollectionStarted {
        var members = try json.members(keys)
        var broadcasterUserID: String?
        var broadcasterUserLogin: String?
        var sessionID: String?
        var gateway: String?
        var connection: Int?
        var startedAt: Timestamp?
        while let key = try json.next(&members) {
            switch key {
            case .broadcasterUserID: broadcasterUserID = try json.value()
            case .broadcasterUserLogin: broadcasterUserLogin = try json.value()
            case .sessionID: sessionID = try json.value()
            case .gateway: gateway = try json.value()
            case .connection: connection = try json.value()
            case .startedAt: startedAt = try json.value()
            }
        }
        return CollectionStarted(
            broadcasterUserID: try json.require(broadcasterUserID, CodingKeys.broadcasterUserID),
            broadcasterUserLogin: try json.require(broadcasterUserLogin, CodingKeys.broadcasterUserLogin),
            sessionID: try json.require(sessionID, CodingKeys.sessionID),
            gateway: try json.require(gateway, CodingKeys.gateway),
            connection: try json.require(connection, CodingKeys.connection),
            startedAt: try json.require(startedAt, CodingKeys.startedAt)
        )
    }
}

extension CollectionStopped: JSONValue {
    private static let keys = JSONKeys(CodingKeys.self)

    func write(to json: inout JSONWriter) {
        json.byte("{")
        json.field("broadcaster_user_id", broadcasterUserID)
        json.field("broadcaster_user_login", broadcasterUserLogin)
        json.field("session_id", sessionID)
        json.field("gateway", gateway)
        json.field("connection", connection)
        json.field("reason", reason)
        json.field("stopped_at", stoppedAt)
        json.byte("}")
    }

    static func read(from json: inout JSONReader) throws(EnvelopeError) -> CollectionStopped {
        var members = try json.members(keys)
        var broadcasterUserID: String?
        var broadcasterUserLogin: String?
        var sessionID: String?
        var gateway: String?
        var connection: Int?
        var reason: String?
        var stoppedAt: Timestamp?
        while let key = try json.next(&members) {
            switch key {
            case .broadcasterUserID: broadcasterUserID = try json.value()
            case .broadcasterUserLogin: broadcasterUserLogin = try json.value()
            case .sessionID: sessionID = try json.value()
            case .gateway: gateway = try json.value()
            case .connection: connection = try json.value()
            case .reason: reason = try json.value()
            case .stoppedAt: stoppedAt = try json.value()
            }
        }
        return CollectionStopped(
            broadcasterUserID: try json.require(broadcasterUserID, CodingKeys.broadcasterUserID),
            broadcasterUserLogin: try json.require(broadcasterUserLogin, CodingKeys.broadcasterUserLogin),
            sessionID: try json.require(sessionID, CodingKeys.sessionID),
            gateway: try json.require(gateway, CodingKeys.gateway),
            connection: try json.require(connection, CodingKeys.connection),
            reason: try json.require(reason, CodingKeys.reason),
            stoppedAt: try json.require(stoppedAt, CodingKeys.stoppedAt)
        )
    }
}
