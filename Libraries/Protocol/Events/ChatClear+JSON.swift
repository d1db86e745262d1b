extension ChatClear: JSONValue {
    private static let keys = JSONKeys(CodingKeys.self)

    func write(to json: inout JSONWriter) {
        json.byte("{")
        json.field("broadcaster_user_id", broadcasterUserID)
        json.field("broadcaster_user_login", broadcasterUserLogin)
        json.field("cleared_at", clearedAt)
        json.field("received_at", receivedAt)
        json.field("raw", raw)
        json.field("raw_base64", rawBase64)
        json.field("backfilled", backfilled)
        json.byte("}")
    }

    static func read(from json: inout JSONReader) throws(EnvelopeError) -> ChatClear {
        var members = try json.members(keys)
        var broadcasterUserID: String?
        var broadcasterUserLogin: String?
        var clearedAt: Timestamp?
        var receivedAt: Timestamp?
        var raw: String?
        var rawBase64: String?
        var backfilled: Bool?
        while let key = try json.next(&members) {
            switch key {
            case .broadcasterUserID: broadcasterUserID = try json.value()
            case .broadcasterUserLogin: broadcasterUserLogin = try json.value()
            case .clearedAt: clearedAt = try json.value()
            case .receivedAt: receivedAt = try json.value()
            case .raw: raw = try json.value()
            case .rawBase64: rawBase64 = try json.value()
            case .backfilled: backfilled = try json.value()
            }
        }
        return ChatClear(
            broadcasterUserID: try json.require(broadcasterUserID, CodingKeys.broadcasterUserID),
            broadcasterUserLogin: try json.require(broadcasterUserLogin, CodingKeys.broadcasterUserLogin),
            clearedAt: try json.require(clearedAt, CodingKeys.clearedAt),
            receivedAt: try json.require(receivedAt, CodingKeys.receivedAt),
            raw: try json.require(raw, CodingKeys.raw),
            rawBase64: rawBase64,
            backfilled: backfilled
        )
    }
}
