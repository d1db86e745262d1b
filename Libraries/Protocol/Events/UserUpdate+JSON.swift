extension UserUpdate: JSONValue {
    private static let keys = JSONKeys(CodingKeys.self)

    func write(to json: inout JSONWriter) {
        json.byte("{")
        json.field("user_id", userID)
        json.field("user_login", userLogin)
        json.field("user_name", userName)
        json.field("previous_user_login", previousUserLogin)
        json.field("observed_at", observedAt)
        json.byte("}")
    }

    static func read(from json: inout JSONReader) throws(EnvelopeError) -> UserUpdate {
        var members = try json.members(keys)
        var userID: String?
        var userLogin: String?
        var userName: String?
        var previousUserLogin: String?
        var observedAt: Timestamp?
        while let key = try json.next(&members) {
            switch key {
            case .userID: userID = try json.value()
            case .userLogin: userLogin = try json.value()
            case .userName: userName = try json.value()
            case .previousUserLogin: previousUserLogin = try json.value()
            case .observedAt: observedAt = try json.value()
            }
        }
        return UserUpdate(
            userID: try json.require(userID, CodingKeys.userID),
            userLogin: try json.require(userLogin, CodingKeys.userLogin),
            userName: try json.require(userName, CodingKeys.userName),
            previousUserLogin: previousUserLogin,
            observedAt: try json.require(observedAt, CodingKeys.observedAt)
        )
    }
}
