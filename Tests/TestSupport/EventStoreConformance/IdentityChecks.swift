import EventStore
import Protocol
import Testing

extension EventStoreConformance {
    /// What the gateway takes for one thing and what a table takes for one row are the same.
    static let identities: [EventStoreConformance] = [
        EventStoreConformance("two events are one row if and only if they have one identity") { harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            var events = ConformanceEvents()
            var known: Set<EventIdentity> = []
            var base = Offset.zero
            for event in IdentityVariants.all {
                let envelope = events.next(event)
                let isNew = known.insert(try #require(event.identity)).inserted
                let outcome = try await store.commit(events.batch([envelope], base: base).batch)
                #expect(
                    outcome == .committed(inserted: isNew ? 1 : 0, duplicates: isNew ? 0 : 1),
                    "\(event)"
                )
                base = envelope.offset
            }
            #expect(known.count == 20)
            await store.close()
        }
    ]
}

/// Events that differ in one value each.
private enum IdentityVariants {
    private static let clear = ChatClear(
        broadcasterUserID: "100",
        broadcasterUserLogin: "quietharbor",
        clearedAt: ConformanceEvents.time,
        receivedAt: ConformanceEvents.time,
        raw: "raw clear"
    )
    private static let later = Timestamp(rawValue: ConformanceEvents.time.rawValue + 60_000)

    static var all: [Event] {
        messages.map(Event.chatMessage) + notifications.map(Event.chatNotification)
            + deletions.map(Event.chatMessageDelete) + bans.map(Event.ban) + clears.map(Event.chatClear)
    }

    /// The value as it is, with each change, and as it is once more.
    private static func variants<Value>(of value: Value, _ changes: [(inout Value) -> Void]) -> [Value] {
        [value]
            + changes.map { change in
                var changed = value
                change(&changed)
                return changed
            } + [value]
    }

    private static var messages: [ChatMessage] {
        variants(
            of: ConformanceEvents.message(ConformanceEvents.deletion.messageID),
            [
                { $0.messageID += "-" }, { $0.broadcasterUserID = "101" }, { $0.message.text = "another" },
                { $0.chatterUserID = "9" },
            ]
        )
    }

    private static var notifications: [ChatNotification] {
        variants(
            of: ConformanceEvents.notification,
            [
                // The table of messages has it.
                { $0.messageID = ConformanceEvents.deletion.messageID },
                { $0.broadcasterUserID = "101" }, { $0.sentAt = later },
            ]
        )
    }

    private static var deletions: [ChatMessageDelete] {
        variants(
            of: ConformanceEvents.deletion,
            [{ $0.messageID += "-" }, { $0.broadcasterUserID = "101" }, { $0.deletedAt = later }]
        )
    }

    private static var bans: [Ban] {
        variants(
            of: ConformanceEvents.timeout,
            [
                { $0.broadcasterUserID = "101" }, { $0.broadcasterUserLogin = "pier" }, { $0.userID = "201" },
                { $0.userLogin = "mira" }, { $0.durationSeconds = nil }, { $0.bannedAt = later },
                { ($0.isPermanent, $0.durationSeconds) = (true, nil) }, { $0.reason = "another" },
            ]
        )
    }

    private static var clears: [ChatClear] {
        variants(of: clear, [{ $0.broadcasterUserID = "101" }, { $0.clearedAt = later }])
    }
}
