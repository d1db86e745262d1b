import EventStore
import Protocol

/// The timelines of the channels that one transaction touches, read inside it: nothing is remembered from before, so
/// nothing can be out of date, whoever wrote the streams.
struct ChannelTimelines {
    /// Streams that nobody but the predecessor saw have no `observed_at` and no say: see `StreamRecord.span`.
    private static let sql = """
        SELECT s.user_id, s.stream_id, \(Answer.milliseconds("s.started_at")), \(Answer.milliseconds("s.ended_at"))
        FROM unnest($1::text[], $2::int8[]) AS c (user_id, from_at)
        JOIN streams s ON s.user_id = c.user_id AND s.observed_at IS NOT NULL AND s.started_at >= coalesce(
            (
                SELECT max(b.started_at) FROM streams b
                WHERE b.user_id = c.user_id AND b.observed_at IS NOT NULL
                    AND b.started_at <= to_timestamp(c.from_at / 1000.0)
            ), '-infinity')
        """

    private var timelines: [String: StreamTimeline] = [:]

    /// Reads what the rows of these events may belong to.
    init(for events: [Envelope], _ connection: borrowing Connection) throws(PostgresError) {
        var earliest: [String: Timestamp] = [:]
        for envelope in events {
            guard let (channel, time) = envelope.event.attribution, !channel.isEmpty else { continue }
            earliest[channel] = min(earliest[channel] ?? time, time)
        }
        // A moment before what a timestamp can hold has no stream either way.
        try read(earliest.mapValues { max($0, .earliest) }, connection)
    }

    /// Reads all streams of a channel.
    init(whole channel: String, _ connection: borrowing Connection) throws(PostgresError) {
        try read([channel: .earliest], connection)
    }

    /// The stream that a row belongs to. Nil while the channel was offline, and where Twitch did not tell the channel's id.
    func stream(of channel: String, at time: Timestamp) -> String? {
        timelines[channel]?.stream(at: time)
    }

    func timeline(of channel: String) -> StreamTimeline { timelines[channel] ?? StreamTimeline() }

    private mutating func read(
        _ channels: [String: Timestamp],
        _ connection: borrowing Connection
    ) throws(PostgresError) {
        guard !channels.isEmpty else { return }
        let channels = channels.sorted { $0.key < $1.key }
        var parameters = BinaryFields.parameters
        parameters.array(.text, channels) { $0.text($1.key) }
        parameters.array(.int8, channels) { $0.bigInteger($1.value.rawValue) }
        var spans: [String: [StreamSpan]] = [:]
        for row in try connection.query(Self.sql, parameters).rows {
            guard let channel = row[0], let id = row[1], let start = Answer.time(row[2]) else { continue }
            spans[channel, default: []].append(
                StreamSpan(streamID: id, startedAt: start, endedAt: Answer.time(row[3]))
            )
        }
        timelines = spans.mapValues { StreamTimeline($0) }
    }
}

extension Answer {
    /// A time as milliseconds since 1970.
    static func milliseconds(_ expression: String) -> String {
        "floor(extract(epoch FROM \(expression)) * 1000)::int8"
    }

    static func time(_ value: String?) -> Timestamp? {
        value.flatMap { Int64($0) }.map { Timestamp(rawValue: $0) }
    }
}
