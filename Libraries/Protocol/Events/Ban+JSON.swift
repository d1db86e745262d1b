extension Ban: JSONValue {
    private static let keys = JSONKeys(CodingKeys.self)

    func write(to json: inout JSONWriter) {
        json.byte("{")
        json.field("broadcaster_user_id", broadcasterUserID)
        json.field("broadcaster_user_login", broadcasterUserLogin)
        json.field("user_id", userID)
        json.field("user_login", userLogin)
        json.field("is_permanent", isPermanent)
        json.field("duration_seconds", durationSeconds)
        json.field("banned_at", bannedAt)
        json.field("ends_at", endsAt)
        json.field("moderator_user_id", moderatorUserID)
        json.field("moderator_user_login", moderatorUserLogin)
        json.field("reason", reason)
        json.field("received_at", receivedAt)
        json.field("raw", raw)
        json.field("raw_base64", rawBase64)
        json.field("backfilled", backfilled)
        json.byte("}")
    }

    static func read(from json: inout JSONReader) throws(EnvelopeError) -> Ban {
        var members = try json.members(keys)
        var broadcasterUserID: String?
        var broadcasterUserLogin: String?
        var userID: String?
        var userLogin: String?
        var isPermanent: Bool?
        var durationSeconds: Int?
        var bannedAt: Timestamp?
        var endsAt: Timestamp?
        var moderatorUserID: String?
        var moderatorUserLogin: String?
        var reason: String?
        var receivedAt: Timestamp?
        var raw: String?
        var rawBase64: String?
        var backfilled: Bool?
        while let key = try json.next(&members) {
            switch key {
            case .broadcasterUserID: broadcasterUserID = try json.value()
            case .broadcasterUserLogin: broadcasterUserLogin = try json.value()
            case .userID: userID = try json.value()
            case .userLogin: userLogin = try json.value()
            case .isPermanent: isPermanent = try json.value()
            case .durationSeconds: durationSeconds = try json.value()
            case .bannedAt: bannedAt = try json.value()
            case .endsAt: endsAt = try json.value()
            case .moderatorUserID: moderatorUserID = try json.value()
            case .moderatorUserLogin: moderatorUserLogin = try json.value()
            case .reason: reason = try json.value()
            case .receivedAt: receivedAt = try json.value()
            case .raw: raw = try json.value()
            case .rawBase64: rawBase64 = try json.value()
            case .backfilled: backfilled = try json.value()
            }
        }
        return Ban(
            broadcasterUserID: try json.require(broadcasterUserID, CodingKeys.broadcasterUserID),
            broadcasterUserLogin: try json.require(broadcasterUserLogin, CodingKeys.broadcasterUserLogin),
            userID: try json.require(userID, CodingKeys.userID),
            userLogin: try json.require(userLogin, CodingKeys.userLogin),
            isPermanent: try json.require(isPermanent, CodingKeys.isPermanent),
            durationSeconds: durationSeconds,
            bannedAt: try json.require(bannedAt, CodingKeys.bannedAt),
            endsAt: endsAt,
            moderatorUserID: moderatorUserID,
            moderatorUserLogin: moderatorUserLogin,
            reason: reason,
            receivedAt: try json.require(receivedAt, CodingKeys.receivedAt),
            raw: try json.require(raw, CodingKeys.raw),
            rawBase64: rawBase64,
            backfilled: backfilled
        )
    }
}
