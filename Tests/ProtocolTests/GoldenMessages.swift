import Protocol

/// One value of every message on the bus, whose bytes are pinned by the files in `Golden`.
enum GoldenMessages {
    private static let received = Timestamp(milliseconds: 1_763_805_600_200)
    private static let happened = Timestamp(milliseconds: 1_763_805_600_123)
    private static let offset = Offset(epoch: 57_123_456, sequence: 8123)
    private static let previous = Offset(epoch: 57_123_456, sequence: 8101)
    private static let partition = Partition.of("quietharbor")

    static func envelope(_ event: Event) -> Envelope {
        let service =
            switch event {
            case .streamOnline, .streamUpdate, .streamOffline, .userUpdate: "stream-poller"
            case .tokenIssued, .tokenRejected: "token-service"
            default: "irc-gateway"
            }
        return Envelope(
            service: service,
            producer: "gw-7f3a",
            subject: "quietharbor",
            time: happened,
            partition: partition,
            offset: offset,
            previous: previous,
            event: event
        )
    }

    static let events: [Event] = [
        .chatMessage(
            ChatMessage(
                messageID: "b34ccfc7-4977-403a-8a94-33c6bac34fb8",
                broadcasterUserID: "1337",
                broadcasterUserLogin: "quietharbor",
                chatterUserID: "82008718",
                chatterUserLogin: "rowan",
                chatterUserName: "Rowan",
                message: MessageText(text: "Kappa \"hi\" ☕", emotes: [.init(id: "25", begin: 0, end: 5)]),
                messageType: "text",
                isAction: false,
                color: "#1E90FF",
                badges: [Badge(setID: "subscriber", id: "12", info: "14")],
                cheer: Cheer(bits: 100),
                reply: Reply(
                    parentMessageID: "p1",
                    parentUserID: "7",
                    parentUserLogin: "ash",
                    parentUserName: "Ash",
                    parentMessageBody: "hello",
                    threadMessageID: "t1",
                    threadUserID: "8",
                    threadUserLogin: "elm",
                    threadUserName: "Elm"
                ),
                channelPointsCustomRewardID: "r1",
                channelPointsAnimationID: "simmer",
                source: SharedChatSource(
                    broadcasterUserID: "1338",
                    messageID: "s1",
                    badges: [Badge(setID: "vip", id: "1", info: "")],
                    isOnly: false,
                    noticeType: "sub"
                ),
                isSubscriber: true,
                isModerator: false,
                isVIP: false,
                isFirstMessage: false,
                isReturningChatter: true,
                sentAt: happened,
                receivedAt: received,
                raw: "@id=b34ccfc7 :rowan!rowan@rowan.tmi.twitch.tv PRIVMSG #quietharbor :Kappa \"hi\" ☕",
                rawBase64: "QGlk"
            )
        ),
        .chatNotification(
            ChatNotification(
                messageID: "n1",
                broadcasterUserID: "1337",
                broadcasterUserLogin: "quietharbor",
                chatterUserID: "82008718",
                chatterUserLogin: "rowan",
                chatterUserName: "Rowan",
                noticeType: "resub",
                systemMessage: "Rowan subscribed at Tier 1.",
                message: MessageText(text: "hi"),
                isAction: false,
                color: "#1E90FF",
                badges: [],
                parameters: ["cumulative-months": "14", "sub-plan": "1000"],
                source: SharedChatSource(broadcasterUserID: "1338", messageID: "s1"),
                isSubscriber: true,
                isModerator: false,
                isVIP: false,
                sentAt: happened,
                receivedAt: received,
                raw: "@id=n1 …",
                rawBase64: "QGlk"
            )
        ),
        .chatMessageDelete(
            ChatMessageDelete(
                broadcasterUserID: "1337",
                broadcasterUserLogin: "quietharbor",
                targetUserLogin: "rowan",
                targetUserID: "82008718",
                messageID: "b34ccfc7",
                text: "rude",
                isAction: false,
                deletedAt: happened,
                receivedAt: received,
                raw: "@login=rowan …",
                rawBase64: "QGxv"
            )
        ),
        .chatClear(
            ChatClear(
                broadcasterUserID: "1337",
                broadcasterUserLogin: "quietharbor",
                clearedAt: happened,
                receivedAt: received,
                raw: "@room-id=1337 …",
                rawBase64: "QHJv"
            )
        ),
        .ban(
            Ban(
                broadcasterUserID: "1337",
                broadcasterUserLogin: "quietharbor",
                userID: "82008718",
                userLogin: "rowan",
                isPermanent: false,
                durationSeconds: 600,
                bannedAt: happened,
                endsAt: Timestamp(milliseconds: 1_763_806_200_123),
                moderatorUserID: "7",
                moderatorUserLogin: "ash",
                reason: "rude",
                receivedAt: received,
                raw: "@ban-duration=600 …",
                rawBase64: "QGJh"
            )
        ),
        .unban(
            Unban(
                broadcasterUserID: "1337",
                broadcasterUserLogin: "quietharbor",
                userID: "82008718",
                userLogin: "rowan",
                moderatorUserID: "7",
                moderatorUserLogin: "ash",
                unbannedAt: happened,
                receivedAt: received,
                raw: "…",
                rawBase64: "4oCm"
            )
        ),
        .chatSettingsUpdate(
            ChatSettingsUpdate(
                broadcasterUserID: "1337",
                broadcasterUserLogin: "quietharbor",
                emoteMode: false,
                followerModeMinutes: -1,
                uniqueChatMode: false,
                slowModeSeconds: 30,
                subscriberMode: true,
                receivedAt: received,
                raw: "@slow=30 …",
                rawBase64: "QHNs"
            )
        ),
        .chatNotice(
            ChatNotice(
                broadcasterUserID: "1337",
                broadcasterUserLogin: "quietharbor",
                noticeID: "slow_on",
                message: "This room is now in slow mode.",
                receivedAt: received,
                raw: "@msg-id=slow_on …",
                rawBase64: "QG1z"
            )
        ),
        .streamOnline(
            StreamOnline(
                broadcasterUserID: "1337",
                broadcasterUserLogin: "quietharbor",
                broadcasterUserName: "QuietHarbor",
                streamID: "40944725612",
                title: "Slow morning",
                categoryID: "509658",
                categoryName: "Just Chatting",
                language: "en",
                tags: ["Cosy"],
                isMature: false,
                viewerCount: 120,
                startedAt: happened
            )
        ),
        .streamUpdate(
            StreamUpdate(
                broadcasterUserID: "1337",
                broadcasterUserLogin: "quietharbor",
                broadcasterUserName: "QuietHarbor",
                streamID: "40944725612",
                title: "Slow noon",
                categoryID: "509658",
                categoryName: "Just Chatting",
                language: "en",
                tags: [],
                isMature: false,
                viewerCount: 240,
                observedAt: happened
            )
        ),
        .streamOffline(
            StreamOffline(
                broadcasterUserID: "1337",
                broadcasterUserLogin: "quietharbor",
                broadcasterUserName: "QuietHarbor",
                streamID: "40944725612",
                endedAt: happened,
                endedAtBasis: "observed"
            )
        ),
        .collectionStarted(
            CollectionStarted(
                broadcasterUserID: "1337",
                broadcasterUserLogin: "quietharbor",
                sessionID: "c1",
                gateway: "gw-7f3a",
                connection: 0,
                startedAt: happened
            )
        ),
        .collectionStopped(
            CollectionStopped(
                broadcasterUserID: "1337",
                broadcasterUserLogin: "quietharbor",
                sessionID: "c1",
                gateway: "gw-7f3a",
                connection: 0,
                reason: "shutdown",
                stoppedAt: happened
            )
        ),
        .tokenIssued(
            TokenIssued(
                kind: "user",
                accessToken: "example-not-a-token",
                login: "rowan",
                userID: "82008718",
                clientID: "example",
                scopes: ["chat:read"],
                expiresAt: received,
                version: 3
            )
        ),
        .tokenRejected(
            TokenRejected(kind: "user", fingerprint: "0123456789abcdef", reason: "401 from Helix", rejectedAt: happened)
        ),
        .userUpdate(
            UserUpdate(
                userID: "1337",
                userLogin: "quietharbor",
                userName: "QuietHarbor",
                previousUserLogin: "oldharbor",
                observedAt: happened
            )
        ),
        .collectionBackfilled(
            CollectionBackfilled(
                broadcasterUserID: "1337",
                broadcasterUserLogin: "quietharbor",
                gateway: "gw-7f3a",
                source: "history.example",
                holeStartedAt: happened,
                holeEndedAt: received,
                isComplete: false,
                messageBefore: "m1",
                messageAfter: "m2",
                linesOffered: 12,
                linesPublished: 9,
                failure: "503",
                finishedAt: received
            )
        ),
    ]

    /// What a history service told: the same events with one key more.
    static let backfilled: [Event] = events.compactMap { event in
        switch event {
        case .chatMessage(var data):
            data.backfilled = true
            return .chatMessage(data)
        case .chatNotification(var data):
            data.backfilled = true
            return .chatNotification(data)
        case .chatMessageDelete(var data):
            data.backfilled = true
            return .chatMessageDelete(data)
        case .chatClear(var data):
            data.backfilled = true
            return .chatClear(data)
        case .ban(var data):
            data.backfilled = true
            return .ban(data)
        default:
            return nil
        }
    }

    static let heartbeat = Heartbeat(
        producer: "gw-7f3a",
        service: "irc-gateway",
        epoch: 57_123_456,
        partitions: 32,
        heads: [7: offset, 11: previous]
    )

    static let requests: [(name: String, message: BusRequest)] = [
        ("hello", .hello(HelloRequest(request: 1, group: "writer"))),
        ("heads", .heads(HeadsRequest(request: 2))),
        ("fetch", .fetch(FetchRequest(request: 3, after: [7: previous, 11: .zero], maxBytes: 1_048_576))),
        ("snap", .snap(SnapRequest(request: 4, topic: "state.channels"))),
        ("ack", .ack(AckRequest(request: 5, group: "writer", database: "4f0c2d", committed: [7: offset]))),
    ]

    static let replies: [(name: String, message: BusReply)] = [
        (
            "hello",
            .hello(
                HelloReply(request: 1, service: "irc-gateway", producer: "gw-7f3a", epoch: 57_123_456, partitions: 32)
            )
        ),
        ("heads", .heads(HeadsReply(request: 2, heads: [7: offset]))),
        (
            "fetch",
            .fetch(
                FetchReply(
                    request: 3,
                    count: 2,
                    truncated: [.init(partition: 11, after: .zero, through: previous)],
                    complete: true,
                    heads: [7: offset],
                    epoch: 57_123_456
                ),
                frames: [events[3], events[12]].map(frame)
            )
        ),
        ("snap", .snap(SnapReply(request: 4, version: 9, state: Array(#"{"joined":["quietharbor"]}"#.utf8)))),
        ("ack", .ack(AckReply(request: 5, accepted: false, message: "another database acknowledges here"))),
        ("error", .error(ErrorReply(request: 6, code: "unknown_topic", message: "no state is kept for state.x"))),
    ]

    static func frame(_ event: Event) -> [UInt8] {
        let domain: EventDraft.Domain =
            switch event {
            case .streamOnline, .streamUpdate, .streamOffline, .userUpdate: .stream
            case .tokenIssued, .tokenRejected: .token
            default: .chat
            }
        return EventFrame.encode(
            EventDraft(domain: domain, subject: "quietharbor", time: happened, event: event),
            service: envelope(event).service,
            producer: "gw-7f3a",
            partition: partition,
            offset: offset,
            previous: previous
        )
    }
}
