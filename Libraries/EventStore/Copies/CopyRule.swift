package import Protocol

/// A row of a `CopyTable`: who told it first, and which copies of it came from others.
package struct CopyRow: Hashable, Sendable {
    package var eventID: String
    package var at: Timestamp
    /// The ids of the copies: at most one of each other producer.
    package var copies: [String]

    package init(eventID: String, at: Timestamp, copies: [String] = []) {
        self.eventID = eventID
        self.at = at
        self.copies = copies
    }

    /// `copies` is the column of that name: ids with spaces between them.
    package init(eventID: String, at: Timestamp, copiesColumn: String?) {
        self.init(eventID: eventID, at: at, copies: copiesColumn?.split(separator: " ").map(String.init) ?? [])
    }
}

/// What is to be done with an event that has no id of its own.
package enum CopyDecision: Hashable, Sendable {
    /// It is told for the first time: it gets a row.
    case first
    /// Another producer told it already, in the row of that event id: the copy is noted there.
    case copy(of: String, in: CopyTable)
    /// This very event is in the archive.
    case known
}

/// When two events without an id are one thing: told by different producers, at the same time or within two seconds.
///
/// Never by one producer, which tells everything once: two equal events of one are two things. Hence a row takes at most
/// one copy from each producer, and each copy's id is kept: when it comes again, it is known and takes no second row.
package enum CopyRule {
    /// How far apart the clocks of two copies may be.
    package static let window: Int64 = 2_000

    /// `rows` have the event's content and are no further from it than `window`.
    static func decision(
        for eventID: String,
        at time: Timestamp,
        among rows: [CopyRow],
        in table: CopyTable
    ) -> CopyDecision {
        if rows.contains(where: { $0.eventID == eventID || $0.copies.contains(eventID) }) { return .known }
        let producer = producer(of: eventID)
        if table.hasNaturalKey, rows.contains(where: { $0.at == time && self.producer(of: $0.eventID) == producer }) {
            return .known
        }
        let free = rows.filter { row in
            abs(row.at.rawValue - time.rawValue) <= window && self.producer(of: row.eventID) != producer
                && !row.copies.contains { self.producer(of: $0) == producer }
        }
        // The very same time first. Else the oldest: each producer tells in order, so that the first copy belongs to the
        // first of several equal events, and none is left over.
        let found = free.first { $0.at == time } ?? free.min { $0.at < $1.at }
        return found.map { .copy(of: $0.eventID, in: table) } ?? .first
    }

    private static func producer(of eventID: String) -> Substring {
        eventID.lastIndex(of: "/").map { eventID[..<$0] } ?? eventID[...]
    }
}
