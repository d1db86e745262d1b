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
    private let streams: StreamRows
    private let names: ChannelNameRows
    private let copies: CopyRows
    private var timelines: ChannelTimelines
    private let now: Timestamp

    private(set) var inserted = 0
    private(set) var duplicates = 0

    init(_ database: Database, now: Timestamp) throws {
        bus = try BusRows(database)
        messages = try ChatMessageRows(database)
        notifications = try ChatNotificationRows(database)
        moderation = try ModerationRows(database)
        channels = try ChannelRows(database)
        streams = StreamRows(database)
        names = ChannelNameRows(database)
        copies = CopyRows(database)
        timelines = try ChannelTimelines(database)
        self.now = now
    }

    /// Offsets first, then rows. False, with rows missing, when an offset was not where the batch begins.
    mutating func write(_ batch: StoreBatch) throws -> Bool {
        for advance in batch.advances {
            guard try bus.move(advance, now: now) else { return false }
        }
        // Streams first: what was said in the same batch then has its stream at once.
        for event in batch.events {
            if let report = StreamReport(event.event, time: event.time) {
                count(try streams.merge(report, timelines: &timelines, now: now))
            }
        }
        let decisions = try copies.decisions(about: batch.events)
        for (index, event) in batch.events.enumerated() {
            switch decisions.decision(at: index) {
            case .first, nil:
                if let changed = try write(event) { count(changed) }
            case .copy(let first, let table):
                try copies.note(event, copyOf: first, in: table)
                count(0)
            case .known: count(0)
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

    private mutating func count(_ changed: Int) {
        if changed > 0 {
            inserted += 1
        } else {
            duplicates += 1
        }
    }

    /// How many rows the event changed: none for one that is there already; nil for what is written elsewhere or never.
    private mutating func write(_ envelope: Envelope) throws -> Int? {
        switch envelope.event {
        case .chatMessage(let event):
            let stream = try timelines.stream(of: event.broadcasterUserID, at: event.sentAt)
            return try messages.insert(event, stream: stream, eventID: envelope.eventID, now: now)
        case .chatNotification(let event):
            let stream = try timelines.stream(of: event.broadcasterUserID, at: event.sentAt)
            return try notifications.insert(event, stream: stream, eventID: envelope.eventID, now: now)
        case .chatMessageDelete(let event):
            let stream = try timelines.stream(of: event.broadcasterUserID, at: event.deletedAt)
            return try moderation.insert(event, stream: stream, eventID: envelope.eventID, now: now)
        case .chatClear(let event):
            let stream = try timelines.stream(of: event.broadcasterUserID, at: event.clearedAt)
            return try moderation.insert(event, stream: stream, eventID: envelope.eventID, now: now)
        case .ban(let event):
            let stream = try timelines.stream(of: event.broadcasterUserID, at: event.bannedAt)
            return try moderation.insert(event, stream: stream, eventID: envelope.eventID, now: now)
        case .unban(let event):
            let stream = try timelines.stream(of: event.broadcasterUserID, at: event.unbannedAt)
            return try moderation.insert(event, stream: stream, now: now)
        case .chatSettingsUpdate(let event):
            return try channels.insert(event, eventID: envelope.eventID, now: now)
        case .chatNotice(let event): return try channels.insert(event, eventID: envelope.eventID, now: now)
        case .collectionStarted(let event): return try channels.insert(event, now: now)
        case .collectionStopped(let event): return try channels.insert(event, now: now)
        case .collectionBackfilled(let event):
            return try channels.insert(event, eventID: envelope.eventID, now: now)
        case .userUpdate(let event): return try names.insert(event, now: now)
        case .streamOnline, .streamUpdate, .streamOffline: return nil
        // Secrets belong in no archive.
        case .tokenIssued, .tokenRejected: return nil
        }
    }
}
