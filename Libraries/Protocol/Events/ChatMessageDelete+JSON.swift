extension ChatMessageDelete: JSONValue {
    private static let keys = JSONKeys(CodingKeys.self)

    func write(to json: inout JSONWriter) {
        json.byte("{")
        json.field("broadcaster_user_id", broadcasterUserID)
        json.field("broadcaster_user_login", broadcasterUserLogin)
        json.field("target_user_login", targetUserLogin)
        json.field("target_user_id", targetUserID)
        json.field("message_id", messageID)
        json.field("text", text)
        json.field("is_action", isAction)
        json.field("deleted_at", deletedAt)
        json.field("received_at", receivedAt)
        json.field("raw", raw)
        json.field("raw_base64", rawBase64)
        json.field("backfilled", backfilled)
        json.byte("}")
    }

    static func read(from json: inout JSONReader) throws(EnvelopeError) -> ChatMessageDelete {
        var members = try json.members(keys)
        var broadcasterUserID: String?
        var broadcasterUserLogin: String?
        var targetUserLogin: String?
        var targetUserID: String?
        var messageID: String?
        var text: String?
        var isAction: Bool?
        var deletedAt: Timestamp?
        var receivedAt: Timestamp?
        var raw: String?
        var rawBase64: String?
        var backfilled: Bool?
        while let key = try json.next(&members) {
            switch key {
            case .broadcasterUserID: broadcasterUserID = try json.value()
            case .broadcasterUserLogin: broadcasterUserLogin = try json.value()
            case .targetUserLogin: targetUserLogin = try json.value()
            case .targetUserID: targetUserID = try json.value()
            case .messageID: messageID = try json.value()
            case .text: text = try json.value()
            case .isAction: isAction = try json.value()
            case .deletedAt: deletedAt = try json.value()
            case .receivedAt: receivedAt = try json.value()
            case .raw: raw = try json.value()
            case .rawBase64: rawBase64 = try json.value()
            case .backfilled: backfilled = try json.value()
            }
        }
        return ChatMessageDelete(
            broadcasterUserID: try json.require(broadcasterUserID, CodingKeys.broadcasterUserID),
            broadcasterUserLogin: try json.require(broadcasterUserLogin, CodingKeys.broadcasterUserLogin),
            targetUserLogin: try json.require(targetUserLogin, CodingKeys.targetUserLogin),
            targetUserID: targetUserID,
            messageID: try json.require(messageID, CodingKeys.messageID),
            text: try json.require(text, CodingKeys.text),
            isAction: try json.require(isAction, CodingKeys.isAction),
            deletedAt: try json.require(deletedAt, CodingKeys.deletedAt),
            receivedAt: try json.require(receivedAt, CodingKeys.receivedAt),
            raw: try json.require(raw, CodingKeys.raw),
            rawBase64: rawBase64,
            backfilled: backfilled
        )
    }
}
