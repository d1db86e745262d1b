package import Protocol

/// The time that one stream takes on its channel, as far as it is known.
package struct StreamSpan: Hashable, Sendable {
    package var streamID: String
    package var startedAt: Timestamp
    /// The last moment that belongs to it. Nil while it is live, or while nobody has told its end.
    package var endedAt: Timestamp?

    package init(streamID: String, startedAt: Timestamp, endedAt: Timestamp? = nil) {
        self.streamID = streamID
        self.startedAt = startedAt
        self.endedAt = endedAt
    }
}

extension Timestamp {
    /// The first and the last moment that have a text, and so the ends of what a database can hold.
    package static let earliest = Timestamp(rawValue: -62_167_219_200_000)
    package static let latest = Timestamp(rawValue: 253_402_300_799_999)
}
