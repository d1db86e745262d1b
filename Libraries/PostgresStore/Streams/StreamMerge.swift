import EventStore
import FoundationEssentials
import Protocol

/// Rows of `streams`, `stream_samples`, `stream_changes`: read, merged by `StreamRecord`'s rule, written back, all in the
/// batch's transaction.
struct StreamMerge {
    fileprivate struct Known {
        var record: StreamRecord
        var viewers: StreamViewers
    }

    private let now: Timestamp
    private var known: [String: Known] = [:]
    private var touched: Set<String> = []
    /// What is known of a channel's streams in this transaction, once one of them has moved.
    private var timelines: [String: StreamTimeline] = [:]
    private var calls: [RowCall] = []

    /// How many reports told something new, and how many did not.
    private(set) var inserted = 0
    private(set) var duplicates = 0

    init(now: Timestamp) {
        self.now = now
    }

    /// Takes in what the events tell about streams.
    mutating func merge(_ events: [Envelope], _ connection: borrowing Connection) throws(PostgresError) {
        let reports = events.compactMap { StreamReport($0.event, time: $0.time) }
        guard !reports.isEmpty else { return }
        try read(Set(reports.map(\.streamID)), connection)
        for report in reports { try merge(report, connection) }
        for id in touched.sorted() {
            if let known = known[id] { calls.append(RowCall(known.record, known.viewers, now: now)) }
        }
        try flush(connection)
    }

    private mutating func merge(_ report: StreamReport, _ connection: borrowing Connection) throws(PostgresError) {
        let stored = known[report.streamID]
        var record = stored?.record ?? StreamRecord(report)
        record.merge(report)
        var viewers = stored?.viewers ?? StreamViewers()
        if case .seen(let observation, _) = report.content {
            try take(observation, of: report.streamID, after: stored?.record.latest, viewers: &viewers, connection)
        }
        guard record != stored?.record || viewers != stored?.viewers else {
            duplicates += 1
            return
        }
        inserted += 1
        if record.span != stored?.record.span {
            let channel = record.userID
            let before =
                if let timeline = timelines[channel] {
                    timeline
                } else {
                    try ChannelTimelines(whole: channel, connection).timeline(of: channel)
                }
            var after = before
            after.set(record.span, for: record.streamID)
            calls += PendingAttribution.calls(for: StreamTimeline.changes(from: before, to: after), of: channel)
            timelines[channel] = after
        }
        known[report.streamID] = Known(record: record, viewers: viewers)
        touched.insert(report.streamID)
    }

    // MARK: History

    /// Records an observation where it belongs in time and counts its viewers once. Nearly every one comes after
    /// `latest`, the latest so far, and then needs no look around.
    private mutating func take(
        _ observation: StreamObservation,
        of streamID: String,
        after latest: StreamObservation?,
        viewers: inout StreamViewers,
        _ connection: borrowing Connection
    ) throws(PostgresError) {
        let place: StreamHistoryPlace
        if let latest, latest.observedAt < observation.observedAt {
            place = StreamHistoryPlace(before: latest.details)
        } else {
            try flush(connection)
            place = try StreamHistoryPlace(of: observation.observedAt, in: streamID, connection)
        }
        guard let edits = place.edits(taking: observation) else { return }
        viewers.take(edits)
        calls.append(RowCall(sampleOf: streamID, at: observation.observedAt, viewers: edits.viewers))
        calls += edits.changes.map { RowCall($0, of: streamID) }
    }

    private mutating func flush(_ connection: borrowing Connection) throws(PostgresError) {
        _ = try connection.execute(calls.map { ($0.statement.rawValue, $0.parameters) })
        calls = []
    }

    // MARK: Records

    private mutating func read(_ ids: Set<String>, _ connection: borrowing Connection) throws(PostgresError) {
        var parameters = BinaryFields.parameters
        parameters.array(.text, ids.sorted()) { $0.text($1) }
        let answer = try connection.query(
            """
            SELECT stream_id, user_id, user_login, user_name, \(Answer.milliseconds("started_at")),
                \(Answer.milliseconds("observed_at")), viewer_count, title, game_id, game_name, language, is_mature,
                tags, \(Answer.milliseconds("ended_at")), ended_at_basis, \(Answer.milliseconds("end_known_at")),
                peak_viewer_count, viewer_count_sum, viewer_sample_count
            FROM streams WHERE stream_id = ANY ($1::text[])
            """,
            parameters
        )
        for row in answer.rows {
            guard let known = Known(row) else { continue }
            self.known[known.record.streamID] = known
        }
    }
}

extension StreamMerge.Known {
    /// A row of the query above.
    fileprivate init?(_ row: [String?]) {
        guard row.count == 19, let id = row[0] else { return nil }
        record = StreamRecord(
            streamID: id,
            userID: row[1] ?? "",
            userLogin: row[2] ?? "",
            userName: row[3] ?? "",
            startedAt: Answer.time(row[4])
        )
        if let observedAt = Answer.time(row[5]) {
            record.latest = StreamObservation(
                observedAt: observedAt,
                viewerCount: row[6].flatMap { Int($0) } ?? 0,
                details: StreamDetails(row[7...12]),
                userLogin: record.userLogin,
                userName: record.userName
            )
        }
        // An end without the time at which it was concluded is the predecessor's: any sighting of ours refutes it.
        if let endedAt = Answer.time(row[13]) {
            record.end = StreamEnd(
                endedAt: endedAt,
                basis: row[14] ?? "",
                knownAt: Answer.time(row[15]) ?? .earliest
            )
        }
        viewers = StreamViewers(
            peak: row[16].flatMap { Int($0) },
            sum: row[17].flatMap { Int($0) } ?? 0,
            samples: row[18].flatMap { Int($0) } ?? 0
        )
    }
}

extension StreamDetails {
    /// Title, category's id and name, language, maturity and tags, as `streams` and `stream_changes` have them.
    init(_ columns: ArraySlice<String?>) {
        let columns = Array(columns)
        self.init(
            title: columns[0] ?? "",
            categoryID: columns[1] ?? "",
            categoryName: columns[2] ?? "",
            language: columns[3] ?? "",
            isMature: columns[4] == "t",
            tags: columns[5].flatMap { try? JSONDecoder().decode([String].self, from: Data($0.utf8)) } ?? []
        )
    }
}
