extension ChatNotice: JSONValue {
    private static let keys = JSONKeys(CodingKeys.self)

    func write(to json: inout JSONWriter) {
        json.byte("{")
        json.field("broadcaster_user_id", broadcasterUserID)
        json.field("broadcaster_user_login", broadcasterUserLogin)
        json.field("notice_id", noticeID)
        json.field("message", message)
        json.field("received_at", receivedAt)
        json.field("raw", raw)
        json.field("raw_base64", rawBase64)
        json.byte("}")
    }

    static func read(from json: inout JSONReader) throws(EnvelopeError) -> ChatNotice {
        var members = try json.members(keys)
        var broadcasterUserID: String?
        var broadcasterUserLogin: String?
        var noticeID: String?
        var message: String?
        var receivedAt: Timestamp?
        var raw: String?
        var rawBase64: String?
        while let key = try json.next(&members) {
            switch key {
            case .broadcasterUserID: broadcasterUserID = try json.value()
            case .broadcasterUserLogin: broadcasterUserLogin = try json.value()
            case .noticeID: noticeID = try json.value()
            case .message: message = try json.value()
            case .receivedAt: receivedAt = try json.value()
            case .raw: raw = try json.value()
            case .rawBase64: rawBase64 = try json.value()
            }
        }
        return ChatNotice(
            broadcasterUserID: try json.require(broadcasterUserID, CodingKeys.broadcasterUserID),
            broadcasterUserLogin: try json.require(broadcasterUserLogin, CodingKeys.broadcasterUserLogin),
            noticeID: noticeID,
            message: try json.require(message, CodingKeys.message),
            receivedAt: try json.require(receivedAt, CodingKeys.receivedAt),
            raw: try json.require(raw, CodingKeys.raw),
            rawBase64: rawBase64
        )
    }
}
