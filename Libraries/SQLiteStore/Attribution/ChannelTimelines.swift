import EventStore
import GRDB
import Protocol

/// The timelines of the channels that one transaction touches, read inside it: nothing is remembered from before, so
/// nothing can be out of date, whoever wrote the streams.
struct ChannelTimelines {
    /// What was read of a channel: it answers for every moment from `from` on.
    private struct Known {
        var from: Timestamp
        var timeline: StreamTimeline
    }

    /// Streams that nobody but the predecessor saw have no `observed_at` and no say: see `StreamRecord.span`.
    private static let sql = """
        SELECT stream_id, started_at, ended_at FROM streams
        WHERE user_id = ?1 AND observed_at IS NOT NULL AND started_at >= coalesce(
            (SELECT max(started_at) FROM streams WHERE user_id = ?1 AND observed_at IS NOT NULL AND started_at <= ?2), '')
        """

    /// How much before the moment that is asked for is read too: a batch is only roughly in order.
    private static let margin: Int64 = 60_000

    private let statement: Statement
    private var known: [String: Known] = [:]

    init(_ database: Database) throws {
        statement = try database.cachedStatement(sql: Self.sql)
    }

    /// The stream that a row belongs to. Nil while the channel was offline, and where Twitch did not tell the channel's id.
    mutating func stream(of channel: String, at time: Timestamp) throws -> String? {
        guard !channel.isEmpty else { return nil }
        if let known = known[channel], known.from <= time { return known.timeline.stream(at: time) }
        let from = Timestamp(rawValue: max(time.rawValue - Self.margin, Timestamp.earliest.rawValue))
        let timeline = try read(channel, from: from)
        known[channel] = Known(from: from, timeline: timeline)
        return timeline.stream(at: time)
    }

    /// All streams of a channel.
    func whole(_ channel: String) throws -> StreamTimeline {
        try read(channel, from: .earliest)
    }

    /// What is known of a channel has changed.
    mutating func forget(_ channel: String) {
        known[channel] = nil
    }

    private func read(_ channel: String, from: Timestamp) throws -> StreamTimeline {
        let rows = try Row.fetchAll(statement, arguments: [channel, from.dateTimeText])
        return StreamTimeline(
            rows.compactMap { row in
                guard let start = Timestamp(dateTimeText: row[1]) else { return nil }
                return StreamSpan(
                    streamID: row[0],
                    startedAt: start,
                    endedAt: (row[2] as String?).flatMap(Timestamp.init(dateTimeText:))
                )
            }
        )
    }
}
