import EventStore
import Protocol

/// Messages without `tmi-sent-ts`: their `sent_at` is the gateway's clock, another one each time they are heard, so that
/// the natural key does not show that one came twice. The same id in the same room within a day is the same message.
struct TimelessMessages {
    private struct Key: Hashable {
        var id: String
        var room: String
    }

    /// One look for each: a subquery with LIMIT is never turned into a join that would read the whole table.
    private static let sql = """
        SELECT u.id, u.room FROM unnest($1::text[], $2::text[], $3::int8[]) AS u (id, room, at)
        WHERE (
            SELECT true FROM chat_messages c WHERE c.id = u.id AND c.broadcaster_user_id = u.room
                AND c.sent_at BETWEEN to_timestamp(u.at / 1000.0) - interval '1 day'
                    AND to_timestamp(u.at / 1000.0) + interval '1 day'
            LIMIT 1
        )
        """

    /// What is stored, or taken from this batch.
    private var known: Set<Key> = []

    /// Looks which of the batch's are stored already; asks nothing when there is none.
    init(among events: [Envelope], _ connection: borrowing Connection) throws(PostgresError) {
        let found = events.compactMap { envelope -> (key: Key, at: Timestamp)? in
            guard case .chatMessage(let message) = envelope.event, Self.isTimeless(message) else { return nil }
            let id = message.messageID.isEmpty ? envelope.eventID : message.messageID
            return (Key(id: id, room: message.broadcasterUserID), message.sentAt)
        }
        guard !found.isEmpty else { return }
        var parameters = BinaryFields.parameters
        parameters.array(.text, found) { $0.text($1.key.id) }
        parameters.array(.text, found) { $0.text($1.key.room) }
        parameters.array(.int8, found) { $0.bigInteger(min(max($1.at, .earliest), .latest).rawValue) }
        for row in try connection.query(Self.sql, parameters).rows {
            if let id = row[0], let room = row[1] { known.insert(Key(id: id, room: room)) }
        }
    }

    /// Whether a message is to be stored. Of a timeless one only the first in a batch is, if none is stored.
    mutating func takes(_ message: ChatMessage, id: String) -> Bool {
        guard Self.isTimeless(message) else { return true }
        return known.insert(Key(id: id.storable, room: message.broadcasterUserID.storable)).inserted
    }

    /// Where the clocks agree to the millisecond the line itself tells.
    private static func isTimeless(_ message: ChatMessage) -> Bool {
        message.sentAt == message.receivedAt && !message.raw.contains("tmi-sent-ts=")
    }
}
