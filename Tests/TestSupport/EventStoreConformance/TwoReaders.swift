import EventStore
import Protocol

/// Two producers that tell the same channel's events, and where their offsets stand in the database.
struct TwoReaders {
    enum Reader: CaseIterable {
        case first
        case second
    }

    private var readers: [Reader: ConformanceEvents] = [
        .first: ConformanceEvents(producer: "gw-first"), .second: ConformanceEvents(producer: "gw-second"),
    ]
    private var stored: [Reader: Offset] = [:]
    private var replays: UInt32 = 0

    /// An event as one of them tells it.
    mutating func tell(_ reader: Reader, _ event: Event) -> (reader: Reader, envelope: Envelope) {
        var events = readers[reader] ?? ConformanceEvents()
        defer { readers[reader] = events }
        return (reader, events.next(event))
    }

    /// All of these in one transaction; again after a replay, when the same events come with later offsets.
    mutating func commit(_ told: [(reader: Reader, envelope: Envelope)], to store: any EventStore) async throws
        -> CommitOutcome
    {
        replays += 1
        var batch = StoreBatch(events: told.map(\.envelope))
        for reader in Reader.allCases where told.contains(where: { $0.reader == reader }) {
            guard let envelope = told.first(where: { $0.reader == reader })?.envelope else { continue }
            let next = Offset(epoch: 57_123_456 + replays, sequence: 1)
            batch.advances.append(
                StoreBatch.Advance(
                    producer: envelope.producer,
                    partition: envelope.partition,
                    base: stored[reader] ?? .zero,
                    next: next
                )
            )
            stored[reader] = next
        }
        return try await store.commit(batch)
    }
}

/// The kinds of event that have no id, each with its time moved and nothing else.
enum EventWithoutID: CaseIterable {
    case timeout
    case ban
    case clear
    case notice
    case settings

    var table: String {
        switch self {
        case .timeout, .ban: "user_banned_events"
        case .clear: "chat_clears"
        case .notice: "chat_notices"
        case .settings: "chat_settings"
        }
    }

    func event(after milliseconds: Int64) -> Event {
        let time = Timestamp(rawValue: ConformanceEvents.time.rawValue + milliseconds)
        let room = ConformanceEvents.timeout.broadcasterUserID
        let login = ConformanceEvents.timeout.broadcasterUserLogin
        switch self {
        case .timeout, .ban:
            var ban = ConformanceEvents.timeout
            ban.bannedAt = time
            ban.receivedAt = time
            if self == .ban {
                ban.isPermanent = true
                ban.durationSeconds = nil
                ban.endsAt = nil
            }
            return .ban(ban)
        case .clear:
            return .chatClear(
                ChatClear(
                    broadcasterUserID: room,
                    broadcasterUserLogin: login,
                    clearedAt: time,
                    receivedAt: time,
                    raw: "raw clear"
                )
            )
        case .notice:
            // One reader knows the room's id by then, another may not.
            return .chatNotice(
                ChatNotice(
                    broadcasterUserID: milliseconds % 2 == 0 ? room : "",
                    broadcasterUserLogin: login,
                    message: "NUL \0 and all",
                    receivedAt: time,
                    raw: "raw notice"
                )
            )
        case .settings:
            return .chatSettingsUpdate(
                ChatSettingsUpdate(
                    broadcasterUserID: room,
                    broadcasterUserLogin: login,
                    emoteMode: true,
                    slowModeSeconds: 30,
                    receivedAt: time,
                    raw: "raw settings"
                )
            )
        }
    }
}
