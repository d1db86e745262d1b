package import Protocol

/// Envelopes with every field filled, one place after the other in one partition of one producer.
package struct ConformanceEvents {
    package var producer: String
    package let partition = 7
    package let subject = "quietharbor"
    private var last = Offset.zero

    package init(producer: String = "gw-7f3a") {
        self.producer = producer
    }

    /// The producer that is taken where none is named, as a follower hears it.
    package static let heard = HeardProducer(producer: "gw-7f3a", service: "irc-gateway")

    /// The event at the next place.
    package mutating func next(_ event: Event, time: Timestamp = Self.time) -> Envelope {
        let offset = Offset(epoch: 57_123_456, sequence: last.sequence + 1)
        defer { last = offset }
        return Envelope(
            service: "irc-gateway",
            producer: producer,
            subject: subject,
            time: time,
            partition: partition,
            offset: offset,
            previous: last,
            event: event
        )
    }

    /// A batch of these, continuing at `base`.
    package func batch(_ envelopes: [Envelope], base: Offset) -> StoreBatchParts {
        StoreBatchParts(producer: producer, partition: partition, base: base, envelopes: envelopes)
    }

    package static let time = Timestamp(rawValue: 1_795_341_600_123)
    package static let timeText = "2026-11-22 10:00:00.123000"

    /// One event of each type that is stored, with the table that it goes to.
    package static let all: [(event: Event, table: String)] = [
        (.chatMessage(message("6b1a0f2e-0000-4000-8000-000000000001")), "chat_messages"),
        (.chatNotification(notification), "chat_notifications"),
        (.chatMessageDelete(deletion), "message_deleted_events"),
        (
            .chatClear(
                ChatClear(
                    broadcasterUserID: "100",
                    broadcasterUserLogin: "quietharbor",
                    clearedAt: time,
                    receivedAt: time,
                    raw: "raw clear"
                )
            ), "chat_clears"
        ),
        (.ban(timeout), "user_banned_events"),
        (
            .unban(
                Unban(
                    broadcasterUserID: "100",
                    broadcasterUserLogin: "quietharbor",
                    userID: "200",
                    userLogin: "mina",
                    unbannedAt: time,
                    receivedAt: time
                )
            ), "user_unbanned_events"
        ),
        (
            .chatSettingsUpdate(
                ChatSettingsUpdate(
                    broadcasterUserID: "100",
                    broadcasterUserLogin: "quietharbor",
                    emoteMode: false,
                    followerModeMinutes: -1,
                    slowModeSeconds: 30,
                    receivedAt: time,
                    raw: "raw settings"
                )
            ), "chat_settings"
        ),
        (
            .chatNotice(
                ChatNotice(
                    broadcasterUserID: "",
                    broadcasterUserLogin: "quietharbor",
                    noticeID: "slow_on",
                    message: "This room is now in slow mode.",
                    receivedAt: time,
                    raw: "raw notice"
                )
            ), "chat_notices"
        ),
        (.streamOnline(streamOnline), "streams"),
        (
            .collectionStarted(
                CollectionStarted(
                    broadcasterUserID: "100",
                    broadcasterUserLogin: "quietharbor",
                    sessionID: "session-1",
                    gateway: "gw-7f3a",
                    connection: 2,
                    startedAt: time
                )
            ), "collection_sessions"
        ),
        (.collectionBackfilled(backfill), "collection_backfills"),
        (
            .userUpdate(
                UserUpdate(userID: "100", userLogin: "quietharbor", userName: "QuietHarbor", observedAt: time)
            ), "channel_names"
        ),
    ]

    package static func message(
        _ id: String,
        text: String = "hello harbour Kappa",
        raw: String = "@id=1 :mina!mina@mina.tmi.twitch.tv PRIVMSG #quietharbor :hello harbour Kappa",
        rawBase64: String? = nil,
        broadcaster: String = "100"
    ) -> ChatMessage {
        ChatMessage(
            messageID: id,
            broadcasterUserID: broadcaster,
            broadcasterUserLogin: "quietharbor",
            chatterUserID: "200",
            chatterUserLogin: "mina",
            chatterUserName: "みな",
            message: MessageText(text: text, emotes: [EmoteRange(id: "25", begin: 14, end: 19)]),
            messageType: "text",
            isAction: true,
            color: "#FF7F50",
            badges: [
                Badge(setID: "subscriber", id: "12", info: "14"), Badge(setID: "premium", id: "1", info: ""),
            ],
            cheer: Cheer(bits: 100),
            reply: Reply(
                parentMessageID: "parent",
                parentUserID: "300",
                parentUserLogin: "olaf",
                parentUserName: "Olaf",
                parentMessageBody: "hi",
                threadMessageID: "thread",
                threadUserID: "301",
                threadUserLogin: "root",
                threadUserName: "Root"
            ),
            channelPointsCustomRewardID: "reward",
            channelPointsAnimationID: "animation",
            source: SharedChatSource(
                broadcasterUserID: "101",
                messageID: "source",
                badges: [Badge(setID: "vip", id: "1", info: "")],
                isOnly: false
            ),
            isSubscriber: true,
            isModerator: false,
            isVIP: true,
            isFirstMessage: true,
            isReturningChatter: false,
            sentAt: time,
            receivedAt: time,
            raw: raw,
            rawBase64: rawBase64
        )
    }

    package static let notification = ChatNotification(
        messageID: "6b1a0f2e-0000-4000-8000-000000000002",
        broadcasterUserID: "100",
        broadcasterUserLogin: "quietharbor",
        chatterUserID: "200",
        chatterUserLogin: "mina",
        chatterUserName: "みな",
        noticeType: "resub",
        systemMessage: "mina subscribed",
        message: MessageText(text: "again!"),
        isAction: false,
        parameters: ["cumulative-months": "14", "sub-plan": "Prime"],
        isSubscriber: true,
        isModerator: false,
        isVIP: false,
        sentAt: time,
        receivedAt: time,
        raw: "raw notification"
    )

    /// Deletes `message("6b1a0f2e-0000-4000-8000-000000000001")`.
    package static let deletion = ChatMessageDelete(
        broadcasterUserID: "100",
        broadcasterUserLogin: "quietharbor",
        targetUserLogin: "mina",
        messageID: "6b1a0f2e-0000-4000-8000-000000000001",
        text: "hello harbour Kappa",
        isAction: true,
        deletedAt: time,
        receivedAt: time,
        raw: "raw deletion"
    )

    package static let timeout = Ban(
        broadcasterUserID: "100",
        broadcasterUserLogin: "quietharbor",
        userID: "200",
        userLogin: "mina",
        isPermanent: false,
        durationSeconds: 600,
        bannedAt: time,
        endsAt: Timestamp(rawValue: time.rawValue + 600_000),
        receivedAt: time,
        raw: "raw timeout"
    )

    package static let backfill = CollectionBackfilled(
        broadcasterUserID: "100",
        broadcasterUserLogin: "quietharbor",
        gateway: "gw-7f3a",
        source: "history.example",
        holeStartedAt: time,
        holeEndedAt: Timestamp(rawValue: time.rawValue + 5000),
        isComplete: true,
        messageBefore: "before",
        messageAfter: "after",
        linesOffered: 12,
        linesPublished: 9,
        finishedAt: Timestamp(rawValue: time.rawValue + 9000)
    )

    package static let streamOnline = StreamOnline(
        broadcasterUserID: "100",
        broadcasterUserLogin: "quietharbor",
        broadcasterUserName: "QuietHarbor",
        streamID: "40000000001",
        title: "Night shift",
        categoryID: "509658",
        categoryName: "Just Chatting",
        language: "en",
        tags: ["cosy"],
        isMature: false,
        viewerCount: 12,
        startedAt: time
    )
}
