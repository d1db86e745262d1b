import Protocol
import TestSupport

/// Random events of every type, with the strings that break JSON codecs.
struct EventGenerator {
    private var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    /// How many kinds of events there are.
    static let kinds = 17

    mutating func envelope(kind: Int) -> Envelope {
        Envelope(
            service: ["irc-gateway", "stream-poller", "a\"b"].randomElement(using: &random) ?? "",
            producer: ["gw-7f3a", "p", "a/b\\c"].randomElement(using: &random) ?? "",
            subject: string(),
            time: timestamp(),
            partition: integer(),
            offset: Offset(rawValue: random.next()),
            previous: Offset(rawValue: random.next()),
            event: event(kind: kind)
        )
    }

    mutating func event(kind: Int) -> Event {
        switch kind % Self.kinds {
        case 0: .chatMessage(chatMessage())
        case 1: .chatNotification(chatNotification())
        case 2: .chatMessageDelete(chatMessageDelete())
        case 3: .chatClear(chatClear())
        case 4: .ban(ban())
        case 5: .unban(unban())
        case 6: .chatSettingsUpdate(chatSettingsUpdate())
        case 7: .chatNotice(chatNotice())
        case 8: .streamOnline(streamOnline())
        case 9: .streamUpdate(streamUpdate())
        case 10: .streamOffline(streamOffline())
        case 11: .collectionStarted(collectionStarted())
        case 12: .collectionStopped(collectionStopped())
        case 13: .tokenIssued(tokenIssued())
        case 14: .userUpdate(userUpdate())
        case 15: .collectionBackfilled(collectionBackfilled())
        default: .tokenRejected(tokenRejected())
        }
    }
}

// MARK: - Values

extension EventGenerator {
    private mutating func string() -> String {
        switch random.next() % 8 {
        case 0: return ""
        case 1: return "quietharbor"
        case 2: return String(repeating: nasty(), count: Int.random(in: 1...40, using: &random))
        default: return (0..<Int.random(in: 1...12, using: &random)).map { _ in nasty() }.joined()
        }
    }

    private mutating func nasty() -> String {
        let pieces = [
            "a", "plain text ", "\"", "\\", "/", "\u{0}", "\u{1}", "\u{8}", "\t", "\n", "\u{B}", "\u{C}", "\r",
            "\u{1F}",
            "\u{7F}", "\u{80}", "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFD}", "\u{FFFF}", "é", "e\u{301}", "日本語",
            "👩‍👩‍👧", "🇯🇵", "\u{10FFFF}", "\\ud800", "\\u0000", "\\", "{\"data\":", "]}", "\r\n",
        ]
        if Bool.random(using: &random), let piece = pieces.randomElement(using: &random) { return piece }
        return Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &random)).map { String(Character($0)) }
            ?? "\u{D7FF}"
    }

    private mutating func integer() -> Int {
        switch random.next() % 4 {
        case 0: 0
        case 1: [Int.max, Int.min, -1, 10, 99, 100].randomElement(using: &random) ?? 0
        default: Int.random(in: -1000...1_000_000, using: &random)
        }
    }

    private mutating func bool() -> Bool { .random(using: &random) }

    /// Within the years that four digits can say.
    private mutating func timestamp() -> Timestamp {
        Timestamp(milliseconds: .random(in: -62_167_219_200_000...253_402_300_799_999, using: &random))
    }

    private mutating func optional<Value>(_ make: (inout Self) -> Value) -> Value? {
        bool() ? make(&self) : nil
    }

    private mutating func array<Value>(_ make: (inout Self) -> Value) -> [Value] {
        (0..<random.next() % 4).map { _ in make(&self) }
    }

    private mutating func dictionary() -> [String: String] {
        Dictionary(array { ($0.string(), $0.string()) }) { first, _ in first }
    }
}

// MARK: - Structs

extension EventGenerator {
    private mutating func ban() -> Ban {
        Ban(
            broadcasterUserID: string(),
            broadcasterUserLogin: string(),
            userID: string(),
            userLogin: string(),
            isPermanent: bool(),
            durationSeconds: optional { $0.integer() },
            bannedAt: timestamp(),
            endsAt: optional { $0.timestamp() },
            moderatorUserID: optional { $0.string() },
            moderatorUserLogin: optional { $0.string() },
            reason: optional { $0.string() },
            receivedAt: timestamp(),
            raw: string(),
            rawBase64: optional { $0.string() },
            backfilled: optional { $0.bool() }
        )
    }

    private mutating func chatClear() -> ChatClear {
        ChatClear(
            broadcasterUserID: string(),
            broadcasterUserLogin: string(),
            clearedAt: timestamp(),
            receivedAt: timestamp(),
            raw: string(),
            rawBase64: optional { $0.string() },
            backfilled: optional { $0.bool() }
        )
    }

    private mutating func chatMessage() -> ChatMessage {
        ChatMessage(
            messageID: string(),
            broadcasterUserID: string(),
            broadcasterUserLogin: string(),
            chatterUserID: string(),
            chatterUserLogin: string(),
            chatterUserName: string(),
            message: messageText(),
            messageType: string(),
            isAction: bool(),
            color: optional { $0.string() },
            badges: array { $0.badge() },
            cheer: optional { $0.cheer() },
            reply: optional { $0.reply() },
            channelPointsCustomRewardID: optional { $0.string() },
            channelPointsAnimationID: optional { $0.string() },
            source: optional { $0.sharedChatSource() },
            isSubscriber: bool(),
            isModerator: bool(),
            isVIP: bool(),
            isFirstMessage: bool(),
            isReturningChatter: bool(),
            sentAt: timestamp(),
            receivedAt: timestamp(),
            raw: string(),
            rawBase64: optional { $0.string() },
            backfilled: optional { $0.bool() }
        )
    }

    private mutating func chatMessageDelete() -> ChatMessageDelete {
        ChatMessageDelete(
            broadcasterUserID: string(),
            broadcasterUserLogin: string(),
            targetUserLogin: string(),
            targetUserID: optional { $0.string() },
            messageID: string(),
            text: string(),
            isAction: bool(),
            deletedAt: timestamp(),
            receivedAt: timestamp(),
            raw: string(),
            rawBase64: optional { $0.string() },
            backfilled: optional { $0.bool() }
        )
    }

    private mutating func chatNotice() -> ChatNotice {
        ChatNotice(
            broadcasterUserID: string(),
            broadcasterUserLogin: string(),
            noticeID: optional { $0.string() },
            message: string(),
            receivedAt: timestamp(),
            raw: string(),
            rawBase64: optional { $0.string() }
        )
    }

    private mutating func chatNotification() -> ChatNotification {
        ChatNotification(
            messageID: string(),
            broadcasterUserID: string(),
            broadcasterUserLogin: string(),
            chatterUserID: string(),
            chatterUserLogin: string(),
            chatterUserName: string(),
            noticeType: string(),
            systemMessage: string(),
            message: messageText(),
            isAction: bool(),
            color: optional { $0.string() },
            badges: array { $0.badge() },
            parameters: dictionary(),
            source: optional { $0.sharedChatSource() },
            isSubscriber: bool(),
            isModerator: bool(),
            isVIP: bool(),
            sentAt: timestamp(),
            receivedAt: timestamp(),
            raw: string(),
            rawBase64: optional { $0.string() },
            backfilled: optional { $0.bool() }
        )
    }

    private mutating func chatSettingsUpdate() -> ChatSettingsUpdate {
        ChatSettingsUpdate(
            broadcasterUserID: string(),
            broadcasterUserLogin: string(),
            emoteMode: optional { $0.bool() },
            followerModeMinutes: optional { $0.integer() },
            uniqueChatMode: optional { $0.bool() },
            slowModeSeconds: optional { $0.integer() },
            subscriberMode: optional { $0.bool() },
            receivedAt: timestamp(),
            raw: string(),
            rawBase64: optional { $0.string() }
        )
    }

    private mutating func collectionBackfilled() -> CollectionBackfilled {
        CollectionBackfilled(
            broadcasterUserID: string(),
            broadcasterUserLogin: string(),
            gateway: string(),
            source: string(),
            holeStartedAt: timestamp(),
            holeEndedAt: timestamp(),
            isComplete: bool(),
            messageBefore: optional { $0.string() },
            messageAfter: optional { $0.string() },
            linesOffered: integer(),
            linesPublished: integer(),
            failure: optional { $0.string() },
            finishedAt: timestamp()
        )
    }

    private mutating func collectionStarted() -> CollectionStarted {
        CollectionStarted(
            broadcasterUserID: string(),
            broadcasterUserLogin: string(),
            sessionID: string(),
            gateway: string(),
            connection: integer(),
            startedAt: timestamp()
        )
    }

    private mutating func collectionStopped() -> CollectionStopped {
        CollectionStopped(
            broadcasterUserID: string(),
            broadcasterUserLogin: string(),
            sessionID: string(),
            gateway: string(),
            connection: integer(),
            reason: string(),
            stoppedAt: timestamp()
        )
    }

    private mutating func messageText() -> MessageText {
        MessageText(
            text: string(),
            emotes: array { $0.emoteRange() }
        )
    }

    private mutating func emoteRange() -> EmoteRange {
        EmoteRange(
            id: string(),
            begin: integer(),
            end: integer()
        )
    }

    private mutating func badge() -> Badge {
        Badge(
            setID: string(),
            id: string(),
            info: string()
        )
    }

    private mutating func cheer() -> Cheer {
        Cheer(
            bits: integer()
        )
    }

    private mutating func reply() -> Reply {
        Reply(
            parentMessageID: string(),
            parentUserID: string(),
            parentUserLogin: string(),
            parentUserName: string(),
            parentMessageBody: string(),
            threadMessageID: optional { $0.string() },
            threadUserID: optional { $0.string() },
            threadUserLogin: optional { $0.string() },
            threadUserName: optional { $0.string() }
        )
    }

    private mutating func sharedChatSource() -> SharedChatSource {
        SharedChatSource(
            broadcasterUserID: string(),
            messageID: string(),
            badges: array { $0.badge() },
            isOnly: optional { $0.bool() },
            noticeType: optional { $0.string() }
        )
    }

    private mutating func streamOnline() -> StreamOnline {
        StreamOnline(
            broadcasterUserID: string(),
            broadcasterUserLogin: string(),
            broadcasterUserName: string(),
            streamID: string(),
            title: string(),
            categoryID: string(),
            categoryName: string(),
            language: string(),
            tags: array { $0.string() },
            isMature: bool(),
            viewerCount: integer(),
            startedAt: timestamp()
        )
    }

    private mutating func streamUpdate() -> StreamUpdate {
        StreamUpdate(
            broadcasterUserID: string(),
            broadcasterUserLogin: string(),
            broadcasterUserName: string(),
            streamID: string(),
            title: string(),
            categoryID: string(),
            categoryName: string(),
            language: string(),
            tags: array { $0.string() },
            isMature: bool(),
            viewerCount: integer(),
            observedAt: timestamp()
        )
    }

    private mutating func streamOffline() -> StreamOffline {
        StreamOffline(
            broadcasterUserID: string(),
            broadcasterUserLogin: string(),
            broadcasterUserName: string(),
            streamID: string(),
            endedAt: timestamp(),
            endedAtBasis: string()
        )
    }

    private mutating func userUpdate() -> UserUpdate {
        UserUpdate(
            userID: string(),
            userLogin: string(),
            userName: string(),
            previousUserLogin: optional { $0.string() },
            observedAt: timestamp()
        )
    }

    private mutating func tokenIssued() -> TokenIssued {
        TokenIssued(
            kind: string(),
            accessToken: string(),
            login: optional { $0.string() },
            userID: optional { $0.string() },
            clientID: string(),
            scopes: array { $0.string() },
            expiresAt: optional { $0.timestamp() },
            version: integer()
        )
    }

    private mutating func tokenRejected() -> TokenRejected {
        TokenRejected(
            kind: string(),
            fingerprint: string(),
            reason: string(),
            rejectedAt: timestamp()
        )
    }

    private mutating func unban() -> Unban {
        Unban(
            broadcasterUserID: string(),
            broadcasterUserLogin: string(),
            userID: string(),
            userLogin: string(),
            moderatorUserID: optional { $0.string() },
            moderatorUserLogin: optional { $0.string() },
            unbannedAt: timestamp(),
            receivedAt: timestamp(),
            raw: optional { $0.string() },
            rawBase64: optional { $0.string() }
        )
    }
}
