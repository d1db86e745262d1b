/// The state of the SNAP topic `state.streams`: what is live now, as the stream-poller last saw it.
package struct StreamsState: Hashable, Sendable, Codable {
    /// The topic of SNAP.
    package static let topic = "state.streams"

    /// One live stream: the keys of `stream.update`, and when it began.
    package struct Stream: Hashable, Sendable, Codable {
        package var update: StreamUpdate
        package var startedAt: Timestamp

        package init(update: StreamUpdate, startedAt: Timestamp) {
            self.update = update
            self.startedAt = startedAt
        }

        private enum CodingKeys: String, CodingKey {
            case startedAt = "started_at"
        }

        package init(from decoder: any Decoder) throws {
            update = try StreamUpdate(from: decoder)
            startedAt = try decoder.container(keyedBy: CodingKeys.self).decode(Timestamp.self, forKey: .startedAt)
        }

        package func encode(to encoder: any Encoder) throws {
            try update.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(startedAt, forKey: .startedAt)
        }
    }

    package var streams: [Stream]
    /// When Helix last answered for all channels; nil before the first time in this run of the poller.
    package var polledAt: Timestamp?

    package init(streams: [Stream], polledAt: Timestamp?) {
        self.streams = streams
        self.polledAt = polledAt
    }

    private enum CodingKeys: String, CodingKey {
        case streams
        case polledAt = "polled_at"
    }
}
