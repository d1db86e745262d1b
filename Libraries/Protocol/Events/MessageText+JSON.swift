extension MessageText: JSONValue {
    private static let keys = JSONKeys(CodingKeys.self)

    func write(to json: inout JSONWriter) {
        json.byte("{")
        json.field("text", text)
        json.field("emotes", emotes)
        json.byte("}")
    }

    static func read(from json: inout JSONReader) throws(EnvelopeError) -> MessageText {
        var members = try json.members(keys)
        var text: String?
        var emotes: [EmoteRange]?
        while let key = try json.next(&members) {
            switch key {
            case .text: text = try json.value()
            case .emotes: emotes = try json.value()
            }
        }
        return MessageText(
            text: try json.require(text, CodingKeys.text),
            emotes: try json.require(emotes, CodingKeys.emotes)
        )
    }
}

extension EmoteRange: JSONValue {
    private static let keys = JSONKeys(CodingKeys.self)

    func write(to json: inout JSONWriter) {
        json.byte("{")
        json.field("id", id)
        json.field("begin", begin)
        json.field("end", end)
        json.byte("}")
    }

    static func read(from json: inout JSONReader) throws(EnvelopeError) -> EmoteRange {
        var members = try json.members(keys)
        var id: String?
        var begin: Int?
        var end: Int?
        while let key = try json.next(&members) {
            switch key {
            case .id: id = try json.value()
            case .begin: begin = try json.value()
            case .end: end = try json.value()
            }
        }
        return EmoteRange(
            id: try json.require(id, CodingKeys.id),
            begin: try json.require(begin, CodingKeys.begin),
            end: try json.require(end, CodingKeys.end)
        )
    }
}

extension Badge: JSONValue {
    private static let keys = JSONKeys(CodingKeys.self)

    func write(to json: inout JSONWriter) {
        json.byte("{")
        json.field("set_id", setID)
        json.field("id", id)
        json.field("info", info)
        json.byte("}")
    }

    static func read(from json: inout JSONReader) throws(EnvelopeError) -> Badge {
        var members = try json.members(keys)
        var setID: String?
        var id: String?
        var info: String?
        while let key = try json.next(&members) {
            switch key {
            case .setID: setID = try json.value()
            case .id: id = try json.value()
            case .info: info = try json.value()
            }
        }
        return Badge(
            setID: try json.require(setID, CodingKeys.setID),
            id: try json.require(id, CodingKeys.id),
            info: try json.require(info, CodingKeys.info)
        )
    }
}

extension Cheer: JSONValue {
    private static let keys = JSONKeys(CodingKeys.self)

    func write(to json: inout JSONWriter) {
        json.byte("{")
        json.field("bits", bits)
        json.byte("}")
    }

    static func read(from json: inout JSONReader) throws(EnvelopeError) -> Cheer {
        var members = try json.members(keys)
        var bits: Int?
        while let key = try json.next(&members) {
            switch key {
            case .bits: bits = try json.value()
            }
        }
        return Cheer(
            bits: try json.require(bits, CodingKeys.bits)
        )
    }
}

extension Reply: JSONValue {
    private static let keys = JSONKeys(CodingKeys.self)

    func write(to json: inout JSONWriter) {
        json.byte("{")
        json.field("parent_message_id", parentMessageID)
        json.field("parent_user_id", parentUserID)
        json.field("parent_user_login", parentUserLogin)
        json.field("parent_user_name", parentUserName)
        json.field("parent_message_body", parentMessageBody)
        json.field("thread_message_id", threadMessageID)
        json.field("thread_user_id", threadUserID)
        json.field("thread_user_login", threadUserLogin)
        json.field("thread_user_name", threadUserName)
        json.byte("}")
    }

    static func read(from json: inout JSONReader) throws(EnvelopeError) -> Reply {
        var members = try json.members(keys)
        var parentMessageID: String?
        var parentUserID: String?
        var parentUserLogin: String?
        var parentUserName: String?
        var parentMessageBody: String?
        var threadMessageID: String?
        var threadUserID: String?
        var threadUserLogin: String?
        var threadUserName: String?
        while let key = try json.next(&members) {
            switch key {
            case .parentMessageID: parentMessageID = try json.value()
            case .parentUserID: parentUserID = try json.value()
            case .parentUserLogin: parentUserLogin = try json.value()
            case .parentUserName: parentUserName = try json.value()
            case .parentMessageBody: parentMessageBody = try json.value()
            case .threadMessageID: threadMessageID = try json.value()
            case .threadUserID: threadUserID = try json.value()
            case .threadUserLogin: threadUserLogin = try json.value()
            case .threadUserName: threadUserName = try json.value()
            }
        }
        return Reply(
            parentMessageID: try json.require(parentMessageID, CodingKeys.parentMessageID),
            parentUserID: try json.require(parentUserID, CodingKeys.parentUserID),
            parentUserLogin: try json.require(parentUserLogin, CodingKeys.parentUserLogin),
            parentUserName: try json.require(parentUserName, CodingKeys.parentUserName),
            parentMessageBody: try json.require(parentMessageBody, CodingKeys.parentMessageBody),
            threadMessageID: threadMessageID,
            threadUserID: threadUserID,
            threadUserLogin: threadUserLogin,
            threadUserName: threadUserName
        )
    }
}

extension SharedChatSource: JSONValue {
    private static let keys = JSONKeys(CodingKeys.self)

    func write(to json: inout JSONWriter) {
        json.byte("{")
        json.field("broadcaster_user_id", broadcasterUserID)
        json.field("message_id", messageID)
        json.field("badges", badges)
        json.field("is_only", isOnly)
        json.field("notice_type", noticeType)
        json.byte("}")
    }

    static func read(from json: inout JSONReader) throws(EnvelopeError) -> SharedChatSource {
        var members = try json.members(keys)
        var broadcasterUserID: String?
        var messageID: String?
        var badges: [Badge]?
        var isOnly: Bool?
        var noticeType: String?
        while let key = try json.next(&members) {
            switch key {
            case .broadcasterUserID: broadcasterUserID = try json.value()
            case .messageID: messageID = try json.value()
            case .badges: badges = try json.value()
            case .isOnly: isOnly = try json.value()
            case .noticeType: noticeType = try json.value()
            }
        }
        return SharedChatSource(
            broadcasterUserID: try json.require(broadcasterUserID, CodingKeys.broadcasterUserID),
            messageID: try json.require(messageID, CodingKeys.messageID),
            badges: try json.require(badges, CodingKeys.badges),
            isOnly: isOnly,
            noticeType: noticeType
        )
    }
}
