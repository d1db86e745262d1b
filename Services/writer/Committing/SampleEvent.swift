import Protocol

extension PendingBatch {
    /// One event of each kind in the batch, of which nothing is wrong: where the tables refuse even these, no row is at fault.
    func samples(at now: Timestamp) -> [Envelope] {
        var types: Set<EventType> = []
        var samples: [Envelope] = []
        for item in items {
            guard case .event(var envelope) = item.content, types.insert(envelope.event.type).inserted,
                let event = SampleEvent(now: now).event(of: envelope.event.type)
            else { continue }
            envelope.producer = "sample"
            envelope.event = event
            envelope.time = now
            samples.append(envelope)
        }
        return samples
    }
}

/// Ordinary events of a channel that nobody has. They are written only to be taken back.
private struct SampleEvent {
    private static let channel = "0"
    private static let login = "sample"
    private static let id = "00000000-0000-4000-8000-000000000000"
    private static let raw = "@id=\(id) :sample!sample@sample.tmi.twitch.tv PRIVMSG #sample :a sample"

    let now: Timestamp

    /// Nil for what no table takes.
    func event(of type: EventType) -> Event? {
        switch type {
        case .chatMessage: .chatMessage(message)
        case .chatNotification: .chatNotification(notification)
        case .chatMessageDelete, .chatClear, .ban, .unban: moderation(type)
        case .chatSettingsUpdate, .chatNotice, .userUpdate: channelEvent(type)
        case .streamOnline, .streamUpdate, .streamOffline: stream(type)
        case .collectionStarted, .collectionStopped, .collectionBackfilled: collection(type)
        default: nil
        }
    }

    private var message: ChatMessage {
        ChatMessage(
            messageID: Self.id,
            broadcasterUserID: Self.channel,
            broadcasterUserLogin: Self.login,
            chatterUserID: "100000000",
            chatterUserLogin: "some_ordinary_name",
            chatterUserName: "Some_Ordinary_Name",
            message: MessageText(text: "a sample of what people say, of ordinary length"),
            messageType: "text",
            isAction: false,
            isSubscriber: false,
            isModerator: false,
            isVIP: false,
            isFirstMessage: false,
            isReturningChatter: false,
            sentAt: now,
            receivedAt: now,
            raw: Self.raw
        )
    }

    private var notification: ChatNotification {
        ChatNotification(
            messageID: Self.id,
            broadcasterUserID: Self.channel,
            broadcasterUserLogin: Self.login,
            chatterUserID: "100000000",
            chatterUserLogin: "some_ordinary_name",
            chatterUserName: "Some_Ordinary_Name",
            noticeType: "resub",
            systemMessage: "a sample",
            message: MessageText(text: "a sample"),
            isAction: false,
            isSubscriber: true,
            isModerator: false,
            isVIP: false,
            sentAt: now,
            receivedAt: now,
            raw: Self.raw
        )
    }

    private func moderation(_ type: EventType) -> Event? {
        let (channel, login, raw) = (Self.channel, Self.login, Self.raw)
        switch type {
        case .chatMessageDelete:
            return .chatMessageDelete(
                ChatMessageDelete(
                    broadcasterUserID: channel,
                    broadcasterUserLogin: login,
                    targetUserLogin: "some_ordinary_name",
                    messageID: Self.id,
                    text: "a sample",
                    isAction: false,
                    deletedAt: now,
                    receivedAt: now,
                    raw: raw
                )
            )
        case .chatClear:
            return .chatClear(
                ChatClear(
                    broadcasterUserID: channel,
                    broadcasterUserLogin: login,
                    clearedAt: now,
                    receivedAt: now,
                    raw: raw
                )
            )
        case .ban:
            return .ban(
                Ban(
                    broadcasterUserID: channel,
                    broadcasterUserLogin: login,
                    userID: "100000000",
                    userLogin: "some_ordinary_name",
                    isPermanent: true,
                    bannedAt: now,
                    receivedAt: now,
                    raw: raw
                )
            )
        case .unban:
            return .unban(
                Unban(
                    broadcasterUserID: channel,
                    broadcasterUserLogin: login,
                    userID: "100000000",
                    userLogin: "some_ordinary_name",
                    unbannedAt: now,
                    receivedAt: now
                )
            )
        default: return nil
        }
    }

    private func channelEvent(_ type: EventType) -> Event? {
        switch type {
        case .chatSettingsUpdate:
            .chatSettingsUpdate(
                ChatSettingsUpdate(
                    broadcasterUserID: Self.channel,
                    broadcasterUserLogin: Self.login,
                    emoteMode: false,
                    receivedAt: now,
                    raw: Self.raw
                )
            )
        case .chatNotice:
            .chatNotice(
                ChatNotice(
                    broadcasterUserID: Self.channel,
                    broadcasterUserLogin: Self.login,
                    noticeID: "sample",
                    message: "a sample",
                    receivedAt: now,
                    raw: Self.raw
                )
            )
        case .userUpdate:
            .userUpdate(
                UserUpdate(userID: Self.channel, userLogin: Self.login, userName: Self.login, observedAt: now)
            )
        default: nil
        }
    }

    private func stream(_ type: EventType) -> Event? {
        let (channel, login) = (Self.channel, Self.login)
        switch type {
        case .streamOnline:
            return .streamOnline(
                StreamOnline(
                    broadcasterUserID: channel,
                    broadcasterUserLogin: login,
                    broadcasterUserName: login,
                    streamID: "0",
                    title: "a sample",
                    categoryID: "0",
                    categoryName: "a sample",
                    language: "en",
                    isMature: false,
                    viewerCount: 1,
                    startedAt: now
                )
            )
        case .streamUpdate:
            return .streamUpdate(
                StreamUpdate(
                    broadcasterUserID: channel,
                    broadcasterUserLogin: login,
                    broadcasterUserName: login,
                    streamID: "0",
                    title: "a sample",
                    categoryID: "0",
                    categoryName: "a sample",
                    language: "en",
                    isMature: false,
                    viewerCount: 1,
                    observedAt: now
                )
            )
        case .streamOffline:
            return .streamOffline(
                StreamOffline(
                    broadcasterUserID: channel,
                    broadcasterUserLogin: login,
                    broadcasterUserName: login,
                    streamID: "0",
                    endedAt: now,
                    endedAtBasis: "observed"
                )
            )
        default: return nil
        }
    }

    private func collection(_ type: EventType) -> Event? {
        switch type {
        case .collectionStarted:
            .collectionStarted(
                CollectionStarted(
                    broadcasterUserID: Self.channel,
                    broadcasterUserLogin: Self.login,
                    sessionID: "sample",
                    gateway: "sample",
                    connection: 0,
                    startedAt: now
                )
            )
        case .collectionStopped:
            .collectionStopped(
                CollectionStopped(
                    broadcasterUserID: Self.channel,
                    broadcasterUserLogin: Self.login,
                    sessionID: "sample",
                    gateway: "sample",
                    connection: 0,
                    reason: "shutdown",
                    stoppedAt: now
                )
            )
        case .collectionBackfilled:
            .collectionBackfilled(
                CollectionBackfilled(
                    broadcasterUserID: Self.channel,
                    broadcasterUserLogin: Self.login,
                    gateway: "sample",
                    source: "sample",
                    holeStartedAt: now,
                    holeEndedAt: now,
                    isComplete: true,
                    linesOffered: 0,
                    linesPublished: 0,
                    finishedAt: now
                )
            )
        default: nil
        }
    }
}
