extension ChatMessage: JSONValue {
    private static let keys = JSONKeys(CodingKeys.self)

    func write(to json: inout JSONWriter) {
        json.byte("{")
        json.field("message_id", messageID)
        json.field("broadcaster_user_id", broadcasterUserID)
        json.field("broadcaster_user_login", broadcasterUserLogin)
        json.field("chatter_user_id", chatterUserID)
        json.field("chatter_user_login", chatterUserLogin)
        json.field("chatter_user_name", chatterUserName)
        json.field("message", message)
        json.field("message_type", messageType)
        json.field("is_action", isAction)
        json.field("color", color)
        json.field("badges", badges)
        json.field("cheer", cheer)
        json.field("reply", reply)
        json.field("channel_points_custom_reward_id", channelPointsCustomRewardID)
        json.field("channel_points_animation_id", channelPointsAnimationID)
        json.field("source", source)
        json.field("is_subscriber", isSubscriber)
        json.field("is_moderator", isModerator)
        json.field("is_vip", isVIP)
        json.field("is_first_message", isFirstMessage)
        json.field("is_returning_chatter", isReturningChatter)
        json.field("sent_at", sentAt)
        json.field("received_at", receivedAt)
        json.field("raw", raw)
        json.field("raw_base64", rawBase64)
        json.field("backfilled", backfilled)
        json.byte("}")
    }

    static func read(from json: inout JSONReader) throws(EnvelopeError) -> ChatMessage {
        var members = try json.members(keys)
        var messageID: String?
        var broadcasterUserID: String?
        var broadcasterUserLogin: String?
        var chatterUserID: String?
        var chatterUserLogin: String?
        var chatterUserName: String?
        var message: MessageText?
        var messageType: String?
        var isAction: Bool?
        var color: String?
        var badges: [Badge]?
        var cheer: Cheer?
        var reply: Reply?
        var channelPointsCustomRewardID: String?
        var channelPointsAnimationID: String?
        var source: SharedChatSource?
        var isSubscriber: Bool?
        var isModerator: Bool?
        var isVIP: Bool?
        var isFirstMessage: Bool?
        var isReturningChatter: Bool?
        var sentAt: Timestamp?
        var receivedAt: Timestamp?
        var raw: String?
        var rawBase64: String?
        var backfilled: Bool?
        while let key = try json.next(&members) {
            switch key {
            case .messageID: messageID = try json.value()
            case .broadcasterUserID: broadcasterUserID = try json.value()
            case .broadcasterUserLogin: broadcasterUserLogin = try json.value()
            case .chatterUserID: chatterUserID = try json.value()
            case .chatterUserLogin: chatterUserLogin = try json.value()
            case .chatterUserName: chatterUserName = try json.value()
            case .message: message = try json.value()
            case .messageType: messageType = try json.value()
            case .isAction: isAction = try json.value()
            case .color: color = try json.value()
            case .badges: badges = try json.value()
            case .cheer: cheer = try json.value()
            case .reply: reply = try json.value()
            case .channelPointsCustomRewardID: channelPointsCustomRewardID = try json.value()
            case .channelPointsAnimationID: channelPointsAnimationID = try json.value()
            case .source: source = try json.value()
            case .isSubscriber: isSubscriber = try json.value()
            case .isModerator: isModerator = try json.value()
            case .isVIP: isVIP = try json.value()
            case .isFirstMessage: isFirstMessage = try json.value()
            case .isReturningChatter: isReturningChatter = try json.value()
            case .sentAt: sentAt = try json.value()
            case .receivedAt: receivedAt = try json.value()
            case .raw: raw = try json.value()
            case .rawBase64: rawBase64 = try json.value()
            case .backfilled: backfilled = try json.value()
            }
        }
        return ChatMessage(
            messageID: try json.require(messageID, CodingKeys.messageID),
            broadcasterUserID: try json.require(broadcasterUserID, CodingKeys.broadcasterUserID),
            broadcasterUserLogin: try json.require(broadcasterUserLogin, CodingKeys.broadcasterUserLogin),
            chatterUserID: try json.require(chatterUserID, CodingKeys.chatterUserID),
            chatterUserLogin: try json.require(chatterUserLogin, CodingKeys.chatterUserLogin),
            chatterUserName: try json.require(chatterUserName, CodingKeys.chatterUserName),
            message: try json.require(message, CodingKeys.message),
            messageType: try json.require(messageType, CodingKeys.messageType),
            isAction: try json.require(isAction, CodingKeys.isAction),
            color: color,
            badges: try json.require(badges, CodingKeys.badges),
            cheer: cheer,
            reply: reply,
            channelPointsCustomRewardID: channelPointsCustomRewardID,
            channelPointsAnimationID: channelPointsAnimationID,
            source: source,
            isSubscriber: try json.require(isSubscriber, CodingKeys.isSubscriber),
            isModerator: try json.require(isModerator, CodingKeys.isModerator),
            isVIP: try json.require(isVIP, CodingKeys.isVIP),
            isFirstMessage: try json.require(isFirstMessage, CodingKeys.isFirstMessage),
            isReturningChatter: try json.require(isReturningChatter, CodingKeys.isReturningChatter),
            sentAt: try json.require(sentAt, CodingKeys.sentAt),
            receivedAt: try json.require(receivedAt, CodingKeys.receivedAt),
            raw: try json.require(raw, CodingKeys.raw),
            rawBase64: rawBase64,
            backfilled: backfilled
        )
    }
}
