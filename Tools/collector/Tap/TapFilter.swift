import Protocol

/// Which events a tap shows.
struct TapFilter: Sendable {
    let channels: Set<String>
    private let types: Set<EventType>

    init(channels: [String], types: [String]) {
        self.channels = Set(channels.map(\.channelLogin))
        self.types = Set(types.map(EventType.init(rawValue:)))
    }

    /// The event types of chat and streams.
    static let known: [EventType] = [
        .chatMessage, .chatNotification, .chatMessageDelete, .chatClear, .ban, .unban, .chatSettingsUpdate, .chatNotice,
        .collectionStarted, .collectionStopped, .collectionBackfilled, .streamOnline, .streamUpdate, .streamOffline,
        .userUpdate,
    ]

    /// What to subscribe to. Whole partitions, not channels: `prev` names the previous event of the partition, so only a
    /// tap that sees all of a partition can tell a gap from somebody else's message.
    var topics: [String] {
        guard !channels.isEmpty else { return ["chat.", "stream."] }
        return Set(channels.map(Partition.of)).sorted().flatMap { partition in
            ["chat", "stream"].map { "\($0).p\(partition < 10 ? "0" : "")\(partition)." }
        }
    }

    func shows(_ envelope: Envelope) -> Bool {
        (channels.isEmpty || channels.contains(envelope.subject))
            && (types.isEmpty || types.contains(envelope.event.type))
    }

    var isEmpty: Bool { channels.isEmpty && types.isEmpty }
}
