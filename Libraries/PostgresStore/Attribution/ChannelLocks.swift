import EventStore
import Protocol

/// Keeps a transaction that stores a channel's rows and one that changes its streams apart, whichever writers run them.
///
/// Rows ask for the channel's streams and could miss one that another writer is just committing; that writer's look at
/// older rows could miss ours. Shared by those who only ask, exclusive for those who tell. Channels share a few locks,
/// taken in one order: nobody waits in a circle, and the server's table of locks stays small.
struct ChannelLocks {
    /// Behind the locks of the partitions.
    private static let first = 64
    private static let count: UInt32 = 64

    private var isExclusive: [Int: Bool] = [:]

    init(_ events: [Envelope]) {
        for envelope in events {
            if let channel = envelope.event.attribution?.channel, !channel.isEmpty {
                isExclusive[Self.lock(of: channel), default: false] = isExclusive[Self.lock(of: channel)] ?? false
            } else if let report = StreamReport(envelope.event, time: envelope.time) {
                isExclusive[Self.lock(of: report.userID)] = true
            }
        }
    }

    /// Waits for all of them; they are freed with the transaction.
    func take(_ connection: borrowing Connection, space: Int32) throws(PostgresError) {
        guard !isExclusive.isEmpty else { return }
        let calls = isExclusive.sorted { $0.key < $1.key }.map { lock, isExclusive in
            "pg_advisory_xact_lock\(isExclusive ? "" : "_shared")(\(space), \(lock))"
        }
        try connection.run("SELECT \(calls.joined(separator: ", "))")
    }

    private static func lock(of channel: String) -> Int {
        first + Int(CRC32.checksum(channel.utf8) % count)
    }
}

extension Event {
    /// The channel and the moment that decide about a row's stream; nil for what belongs to none.
    var attribution: (channel: String, time: Timestamp)? {
        switch self {
        case .chatMessage(let event): (event.broadcasterUserID, event.sentAt)
        case .chatNotification(let event): (event.broadcasterUserID, event.sentAt)
        case .chatMessageDelete(let event): (event.broadcasterUserID, event.deletedAt)
        case .chatClear(let event): (event.broadcasterUserID, event.clearedAt)
        case .ban(let event): (event.broadcasterUserID, event.bannedAt)
        case .unban(let event): (event.broadcasterUserID, event.unbannedAt)
        default: nil
        }
    }
}
