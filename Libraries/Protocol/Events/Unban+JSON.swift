extension Unban: JSONValue {
    private static let keys = JSONKeys(CodingKeys.self)

    func write(to json: inout JSONWriter) {
        json.byte("{")
        json.field("broadcaster_user_id", broadcasterUserID)
        json.field("broadcaster_user_login", broadcasterUserLogin)
        json.field("user_id", userID)
        json.field("user_login", userLogin)
        json.field("moderator_user_id", moderatorUserID)
        json.field("moderator_user_login", moderatorUserLogin)
        json.field("unbanned_at", unbannedAt)
        json.field("received_at", receivedAt)
        json.field("raw", raw)
        json.field("raw_base64", rawBase64)
        json.byte("}")
    }

    static func read(from json: inout JSONReader) throws(EnvelopeError) -> Unban {
        var members = try json.members(keys)
        var broadcasterUserID: String?
        var broadcasterUserLogin: String?
        var userID: String?
        var userLogin: String?
        var moderatorUserID: String?
        var moderatorUserLogin: String?
        var unbannedAt: Timestamp?
        var receivedAt: Timestamp?
        var raw: String?
        var rawBase64: String?
        while let key = try json.next(&members) {
            switch key {
            case .broadcasterUserID: broadcasterUserID = try json.value()
            case .broadcasterUserLogin: broadcasterUserLogin = try json.value()
            case .userID: userID = try json.value()
            case .userLogin: userLogin = try json.value()
            case .moderatorUserID: moderatorUserID = try json.value()
            case .moderatorUserLogin: moderatorUserLogin = try json.value()
            case .unbannedAt: unbannedAt = try json.value()
            case .receivedAt: receivedAt = try json.value()
            case .raw: raw = try json.value()
            case .rawBase64: rawBase64 = try json.value()
            }
        }
        return Unban(
            broadcasterUserID: try json.require(broadcasterUserID, CodingKeys.broadcasterUserID),
            broadcasterUserLogin: try json.require(broadcasterUserLogin, CodingKeys.broadcasterUserLogin),
            userID: try json.require(userID, CodingKeys.userID),
            userLogin: try json.require(userLogin, CodingKeys.userLogin),
            moderatorUserID: moderatorUserID,
            moderatorUserLogin: moderatorUserLogin,
            unbannedAt: try json.require(unbannedAt, CodingKeys.unbannedAt),
            receivedAt: try json.require(receivedAt, CodingKeys.receivedAt),
            raw: raw,
            rawBase64: rawBase64
        )
    }
}
