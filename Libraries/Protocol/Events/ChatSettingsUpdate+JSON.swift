extension ChatSettingsUpdate: JSONValue {
    private static let keys = JSONKeys(CodingKeys.self)

    func write(to json: inout JSONWriter) {
        json.byte("{")
        json.field("broadcaster_user_id", broadcasterUserID)
        json.field("broadcaster_user_login", broadcasterUserLogin)
        json.field("emote_mode", emoteMode)
        json.field("follower_mode_minutes", followerModeMinutes)
        json.field("unique_chat_mode", uniqueChatMode)
        json.field("slow_mode_seconds", slowModeSeconds)
        json.field("subscriber_mode", subscriberMode)
        json.field("received_at", receivedAt)
        json.field("raw", raw)
        json.field("raw_base64", rawBase64)
        json.byte("}")
    }

    static func read(from json: inout JSONReader) throws(EnvelopeError) -> ChatSettingsUpdate {
        var members = try json.members(keys)
        var broadcasterUserID: String?
        var broadcasterUserLogin: String?
        var emoteMode: Bool?
        var followerModeMinutes: Int?
        var uniqueChatMode: Bool?
        var slowModeSeconds: Int?
        var subscriberMode: Bool?
        var receivedAt: Timestamp?
        var raw: String?
        var rawBase64: String?
        while let key = try json.next(&members) {
            switch key {
            case .broadcasterUserID: broadcasterUserID = try json.value()
            case .broadcasterUserLogin: broadcasterUserLogin = try json.value()
            case .emoteMode: emoteMode = try json.value()
            case .followerModeMinutes: followerModeMinutes = try json.value()
            case .uniqueChatMode: uniqueChatMode = try json.value()
            case .slowModeSeconds: slowModeSeconds = try json.value()
            case .subscriberMode: subscriberMode = try json.value()
            case .receivedAt: receivedAt = try json.value()
            case .raw: raw = try json.value()
            case .rawBase64: rawBase64 = try json.value()
            }
        }
        return ChatSettingsUpdate(
            broadcasterUserID: try json.require(broadcasterUserID, CodingKeys.broadcasterUserID),
            broadcasterUserLogin: try json.require(broadcasterUserLogin, CodingKeys.broadcasterUserLogin),
            emoteMode: emoteMode,
            followerModeMinutes: followerModeMinutes,
            uniqueChatMode: uniqueChatMode,
            slowModeSeconds: slowModeSeconds,
            subscriberMode: subscriberMode,
            receivedAt: try json.require(receivedAt, CodingKeys.receivedAt),
            raw: try json.require(raw, CodingKeys.raw),
            rawBase64: rawBase64
        )
    }
}
