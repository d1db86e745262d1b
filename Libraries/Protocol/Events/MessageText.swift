/// The text a person typed and what Twitch marked in it.
package struct MessageText: Hashable, Sendable, Codable {
    package var text: String
    package var emotes: [EmoteRange]

    package init(
        text: String,
        emotes: [EmoteRange] = []
    ) {
        self.text = text
        self.emotes = emotes
    }

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case text
        case emotes
    }
}

/// A part of the text that is shown as an emote.
package struct EmoteRange: Hashable, Sendable, Codable {
    package var id: String
    /// First Unicode scalar, counted from 0.
    package var begin: Int
    /// One past the last Unicode scalar.
    package var end: Int

    package init(
        id: String,
        begin: Int,
        end: Int
    ) {
        self.id = id
        self.begin = begin
        self.end = end
    }

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case id
        case begin
        case end
    }
}

/// One badge beside a name.
package struct Badge: Hashable, Sendable, Codable {
    package var setID: String
    /// The version within the set.
    package var id: String
    /// Exact value from `badge-info`, such as months of a subscription; empty when there is none.
    package var info: String

    package init(
        setID: String,
        id: String,
        info: String
    ) {
        self.setID = setID
        self.id = id
        self.info = info
    }

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case setID = "set_id"
        case id
        case info
    }
}

/// Bits in a message.
package struct Cheer: Hashable, Sendable, Codable {
    package var bits: Int

    package init(
        bits: Int
    ) {
        self.bits = bits
    }

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case bits
    }
}

/// What a message answers: the direct parent and the root of the thread.
package struct Reply: Hashable, Sendable, Codable {
    package var parentMessageID: String
    package var parentUserID: String
    package var parentUserLogin: String
    package var parentUserName: String
    package var parentMessageBody: String
    package var threadMessageID: String?
    package var threadUserID: String?
    package var threadUserLogin: String?
    package var threadUserName: String?

    package init(
        parentMessageID: String,
        parentUserID: String,
        parentUserLogin: String,
        parentUserName: String,
        parentMessageBody: String,
        threadMessageID: String? = nil,
        threadUserID: String? = nil,
        threadUserLogin: String? = nil,
        threadUserName: String? = nil
    ) {
        self.parentMessageID = parentMessageID
        self.parentUserID = parentUserID
        self.parentUserLogin = parentUserLogin
        self.parentUserName = parentUserName
        self.parentMessageBody = parentMessageBody
        self.threadMessageID = threadMessageID
        self.threadUserID = threadUserID
        self.threadUserLogin = threadUserLogin
        self.threadUserName = threadUserName
    }

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case parentMessageID = "parent_message_id"
        case parentUserID = "parent_user_id"
        case parentUserLogin = "parent_user_login"
        case parentUserName = "parent_user_name"
        case parentMessageBody = "parent_message_body"
        case threadMessageID = "thread_message_id"
        case threadUserID = "thread_user_id"
        case threadUserLogin = "thread_user_login"
        case threadUserName = "thread_user_name"
    }
}

/// The room of origin in a shared chat.
package struct SharedChatSource: Hashable, Sendable, Codable {
    package var broadcasterUserID: String
    package var messageID: String
    package var badges: [Badge]
    /// Sent to the room of origin only.
    package var isOnly: Bool?
    /// The kind in the room of origin (`source-msg-id`), for notifications.
    package var noticeType: String?

    package init(
        broadcasterUserID: String,
        messageID: String,
        badges: [Badge] = [],
        isOnly: Bool? = nil,
        noticeType: String? = nil
    ) {
        self.broadcasterUserID = broadcasterUserID
        self.messageID = messageID
        self.badges = badges
        self.isOnly = isOnly
        self.noticeType = noticeType
    }

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case broadcasterUserID = "broadcaster_user_id"
        case messageID = "message_id"
        case badges
        case isOnly = "is_only"
        case noticeType = "notice_type"
    }
}
