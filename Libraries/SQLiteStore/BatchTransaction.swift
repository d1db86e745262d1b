import EventStore
import GRDB
import Protocol

/// The statements of one transaction and what they did. Lives no longer than the transaction.
struct BatchTransaction {
    private var bus: BusRows
    private var messages: ChatMessageRows
    private var notifications: ChatNotificationRows
    private var moderation: ModerationRows
    private var channels: ChannelRows
    private var streams: StreamRows
    private let now: Timestamp

    private(set) var inserted = 0
    private(set) var duplicates = 0

    init(_ database: Database, now: Timestamp) throws {
        bus = try BusRows(database)
        messages = try ChatMessageRows(database)
        notifications = try ChatNotificationRows(database)
        moderation = try ModerationRows(database)
        channels = try ChannelRows(database)
        streams = try StreamRows(database)
        self.now = now
    }

    /// Offsets first, then rows. False, with rows missing, when an offset was not where the batch begins.
    mutating func write(_ batch: StoreBatch) throws -> Bool {
        for advance in batch.advances {
            guard try bus.move(advance, now: now) else { return false }
        }
        for event in batch.events {
            guard let changed = try write(event) else { continue }
            if changed > 0 {
                inserted += 1
            } else {
                duplicates += 1
            }
        }
        for letter in batch.deadLetters {
            try bus.insert(letter, now: now)
        }
        for gap in batch.gaps {
            try bus.insert(gap, now: now)
        }
        return true
    }

    /// How many rows the event changed: none for one that is there already; nil for what is never stored.
    private mutating func write(_ envelope: Envelope) throws -> Int? {
        switch envelope.event {
        case .chatMessage(let event): try messages.insert(event, eventID: envelope.eventID, now: now)
        case .chatNotification(let event): try notifications.insert(event, eventID: envelope.eventID, now: now)
        case .chatMessageDelete(let event): try moderation.insert(event, eventID: envelope.eventID, now: now)
        case .chatClear(let event): try moderation.insert(event, now: now)
        case .ban(let event): try moderation.insert(event, now: now)
        case .unban(let event): try moderation.insert(event, now: now)
        case .chatSettingsUpdate(let event): try channels.insert(event, eventID: envelope.eventID, now: now)
        case .chatNotice(let event): try channels.insert(event, eventID: envelope.eventID, now: now)
        case .streamOnline(let event): try streams.upsert(event, now: now)
        case .streamUpdate(let event): try streams.upsert(event, now: now)
        case .streamOffline(let event): try streams.upsert(event, now: now)
        case .collectionStarted(let event): try channels.insert(event, now: now)
        case .collectionStopped(let event): try channels.insert(event, now: now)
        case .userUpdate: 0
        // Secrets belong in no archive.
        case .tokenIssued, .tokenRejected: nil
        }
    }
}
