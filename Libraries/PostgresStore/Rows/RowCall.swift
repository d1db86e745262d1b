import EventStore
import FoundationEssentials
import Protocol

/// A prepared statement and its parameters: one row.
struct RowCall: Sendable {
    var statement: RowStatement
    var parameters: BinaryFields

    init(_ statement: RowStatement, _ fill: (inout BinaryFields) -> Void) {
        self.statement = statement
        parameters = .parameters
        fill(&parameters)
    }

    /// The row of any event that has one, but a chat message; nil for what is written elsewhere or never.
    init?(_ envelope: Envelope, stream: String?, now: Timestamp) {
        switch envelope.event {
        case .chatMessage, .streamOnline, .streamUpdate, .streamOffline: return nil
        case .chatNotification(let event): self.init(event, stream, eventID: envelope.eventID, now: now)
        case .chatMessageDelete(let event): self.init(event, stream, eventID: envelope.eventID, now: now)
        case .chatClear(let event): self.init(event, stream, eventID: envelope.eventID, now: now)
        case .ban(let event): self.init(event, stream, eventID: envelope.eventID, now: now)
        case .unban(let event): self.init(event, stream, now: now)
        case .chatSettingsUpdate(let event): self.init(event, eventID: envelope.eventID, now: now)
        case .chatNotice(let event): self.init(event, eventID: envelope.eventID, now: now)
        case .collectionStarted(let event): self.init(event, now: now)
        case .collectionStopped(let event): self.init(event, now: now)
        case .collectionBackfilled(let event): self.init(event, eventID: envelope.eventID, now: now)
        case .userUpdate(let event): self.init(event, now: now)
        // Secrets belong in no archive.
        case .tokenIssued, .tokenRejected: return nil
        }
    }

    /// Notes in the row of `first` that the event is a copy of it.
    init(_ envelope: Envelope, copyOf first: String, in table: CopyTable) {
        let statement: RowStatement =
            switch table {
            case .bans: .banCopy
            case .clears: .clearCopy
            case .notices: .noticeCopy
            case .settings: .settingsCopy
            }
        self.init(statement) { fields in
            fields.text(envelope.eventID)
            fields.text(first)
        }
    }

    /// The compare-and-set of a batch. Ordered by key, so that two writers cannot wait for each other.
    init(_ advances: [StoreBatch.Advance], now: Timestamp) {
        let advances = advances.sorted { ($0.producer, $0.partition) < ($1.producer, $1.partition) }
        self.init(.advance) { fields in
            fields.array(.text, advances) { $0.text($1.producer) }
            fields.array(.int4, advances) { $0.integer($1.partition) }
            fields.array(.int8, advances) { $0.offset($1.base) }
            fields.array(.int8, advances) { $0.offset($1.next) }
            fields.time(now)
        }
    }

    init(_ letter: DeadLetter, now: Timestamp) {
        self.init(.deadLetter) { fields in
            fields.text(letter.producer)
            fields.integer(letter.partition)
            fields.offset(letter.offset)
            fields.text(letter.reason)
            fields.blob(letter.frame)
            fields.time(now)
        }
    }

    init(_ gap: Gap, now: Timestamp) {
        self.init(.gap) { fields in
            fields.text(gap.producer)
            fields.integer(gap.partition)
            fields.offset(gap.after)
            fields.offset(gap.through)
            fields.time(gap.detectedAt)
            fields.time(now)
        }
    }

    private init(_ event: ChatNotification, _ stream: String?, eventID: String, now: Timestamp) {
        self.init(.notification) { fields in
            fields.text(event.messageID.isEmpty ? eventID : event.messageID)
            fields.text(event.broadcasterUserID)
            fields.text(event.broadcasterUserLogin)
            fields.text(event.chatterUserID)
            fields.text(event.chatterUserLogin)
            fields.text(event.chatterUserName)
            fields.text(event.noticeType)
            fields.text(event.systemMessage)
            fields.text(event.message.text)
            fields.boolean(event.isAction)
            fields.text(event.color)
            fields.text(event.badges.badgesText)
            fields.text(event.badges.badgeInfoText)
            fields.text(event.message.emotes.emotesJSON)
            fields.text(Self.json(event.parameters))
            fields.text(event.source?.broadcasterUserID)
            fields.text(event.source?.messageID)
            fields.text(event.source?.badges.badgesText)
            fields.boolean(event.source?.isOnly)
            fields.text(event.source?.noticeType)
            fields.boolean(event.isSubscriber)
            fields.boolean(event.isModerator)
            fields.boolean(event.isVIP)
            fields.time(event.sentAt)
            fields.time(event.receivedAt)
            fields.time(now)
            fields.raw(event.raw, base64: event.rawBase64)
            fields.text(stream)
            fields.boolean(event.backfilled)
        }
    }

    private init(_ event: ChatNotice, eventID: String, now: Timestamp) {
        self.init(.notice) { fields in
            fields.text(eventID)
            fields.text(event.broadcasterUserID)
            fields.text(event.broadcasterUserLogin)
            fields.text(event.noticeID)
            fields.text(event.message)
            fields.time(event.receivedAt)
            fields.time(now)
            fields.raw(event.raw, base64: event.rawBase64)
        }
    }

    private init(_ event: ChatSettingsUpdate, eventID: String, now: Timestamp) {
        self.init(.settings) { fields in
            fields.text(eventID)
            fields.text(event.broadcasterUserID)
            fields.text(event.broadcasterUserLogin)
            fields.boolean(event.emoteMode)
            fields.integer(event.followerModeMinutes)
            fields.boolean(event.uniqueChatMode)
            fields.integer(event.slowModeSeconds)
            fields.boolean(event.subscriberMode)
            fields.time(event.receivedAt)
            fields.time(now)
            fields.raw(event.raw, base64: event.rawBase64)
        }
    }

    private init(_ event: CollectionStarted, now: Timestamp) {
        self.init(.sessionStarted) { fields in
            fields.text(event.sessionID)
            fields.text(event.broadcasterUserID)
            fields.text(event.broadcasterUserLogin)
            fields.text(event.gateway)
            fields.integer(event.connection)
            fields.time(event.startedAt)
            fields.time(now)
            fields.time(now)
        }
    }

    /// Closes the session's row; one whose start was never seen gets a row without it.
    private init(_ event: CollectionStopped, now: Timestamp) {
        self.init(.sessionStopped) { fields in
            fields.text(event.sessionID)
            fields.text(event.broadcasterUserID)
            fields.text(event.broadcasterUserLogin)
            fields.text(event.gateway)
            fields.integer(event.connection)
            fields.time(event.stoppedAt)
            fields.text(event.reason)
            fields.time(now)
            fields.time(now)
        }
    }

    private init(_ event: CollectionBackfilled, eventID: String, now: Timestamp) {
        self.init(.backfill) { fields in
            fields.text(eventID)
            fields.text(event.broadcasterUserID)
            fields.text(event.broadcasterUserLogin)
            fields.text(event.gateway)
            fields.text(event.source)
            fields.time(event.holeStartedAt)
            fields.time(event.holeEndedAt)
            fields.boolean(event.isComplete)
            fields.text(event.messageBefore)
            fields.text(event.messageAfter)
            fields.integer(event.linesOffered)
            fields.integer(event.linesPublished)
            fields.text(event.failure)
            fields.time(event.finishedAt)
            fields.time(now)
        }
    }

    private init(_ event: ChatMessageDelete, _ stream: String?, eventID: String, now: Timestamp) {
        self.init(.deletion) { fields in
            fields.text(event.broadcasterUserID)
            fields.text(event.broadcasterUserLogin)
            fields.text(event.targetUserID)
            fields.text(event.targetUserLogin)
            fields.text(event.messageID.isEmpty ? eventID : event.messageID)
            fields.text(event.text)
            fields.boolean(event.isAction)
            fields.time(event.deletedAt)
            fields.time(event.receivedAt)
            fields.time(now)
            fields.raw(event.raw, base64: event.rawBase64)
            fields.text(stream)
            fields.boolean(event.backfilled)
        }
    }

    private init(_ event: Ban, _ stream: String?, eventID: String, now: Timestamp) {
        self.init(.ban) { fields in
            fields.text(event.broadcasterUserID)
            fields.text(event.broadcasterUserLogin)
            fields.text(event.broadcasterUserLogin)
            fields.text(event.userID)
            fields.text(event.userLogin)
            // IRC tells the login only; a display name would have to be guessed.
            fields.text(event.userLogin)
            fields.text(event.moderatorUserID)
            fields.text(event.moderatorUserLogin)
            fields.null()
            fields.text(event.reason)
            fields.boolean(event.isPermanent)
            fields.integer(event.durationSeconds)
            fields.time(event.endsAt)
            fields.time(event.bannedAt)
            fields.time(event.receivedAt)
            fields.time(now)
            fields.raw(event.raw, base64: event.rawBase64)
            fields.text(stream)
            fields.text(eventID)
            fields.boolean(event.backfilled)
        }
    }

    private init(_ event: Unban, _ stream: String?, now: Timestamp) {
        self.init(.unban) { fields in
            fields.text(event.broadcasterUserID)
            fields.text(event.broadcasterUserLogin)
            fields.text(event.broadcasterUserLogin)
            fields.text(event.userID)
            fields.text(event.userLogin)
            fields.text(event.userLogin)
            fields.text(event.moderatorUserID)
            fields.text(event.moderatorUserLogin)
            fields.null()
            fields.time(event.unbannedAt)
            fields.time(event.receivedAt)
            fields.time(now)
            fields.raw(event.raw, base64: event.rawBase64)
            fields.text(stream)
        }
    }

    private init(_ event: ChatClear, _ stream: String?, eventID: String, now: Timestamp) {
        self.init(.clear) { fields in
            fields.text(event.broadcasterUserID)
            fields.text(event.broadcasterUserLogin)
            fields.time(event.clearedAt)
            fields.time(event.receivedAt)
            fields.time(now)
            fields.raw(event.raw, base64: event.rawBase64)
            fields.text(stream)
            fields.text(eventID)
            fields.boolean(event.backfilled)
        }
    }

    private static func json(_ parameters: [String: String]) -> String? {
        guard !parameters.isEmpty else { return nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try? String(decoding: encoder.encode(parameters), as: UTF8.self)
    }
}
