import EventStore
import Protocol

/// One transaction: the partitions' locks, the offsets by compare-and-set, then the rows, then COMMIT, which is the caller's.
struct BatchTransaction {
    let batch: StoreBatch
    let now: Timestamp

    /// - Throws: `PostgresError`; whatever was done is to be rolled back.
    /// - Returns: nil when an offset was not where the batch begins.
    func write(_ session: Session) throws(PostgresError) -> CommitOutcome? {
        try session.locks.begin(Set(batch.advances.map(\.partition)), session.connection)
        let advance = RowCall(batch.advances, now: now)
        let moved = try session.connection.execute(advance.statement.rawValue, advance.parameters)
        guard let row = moved.rows.first, row.count == 2, row[1] == "\(session.pid)" else { throw Pooler.error }
        guard row[0] == "\(batch.advances.count)" else { return nil }
        try ChannelLocks(batch.events).take(session.connection, space: session.locks.space)
        // Streams first: what was said in the same batch then has its stream at once.
        var streams = StreamMerge(now: now)
        try streams.merge(batch.events, session.connection)
        let rows = try writeRows(session.connection, path: &session.path)
        return .committed(
            inserted: streams.inserted + rows.inserted,
            duplicates: streams.duplicates + rows.duplicates
        )
    }

    private func writeRows(
        _ connection: borrowing Connection,
        path: inout MessagePath
    ) throws(PostgresError) -> (inserted: Int, duplicates: Int) {
        let timelines = try ChannelTimelines(for: batch.events, connection)
        let messageCount = batch.events.count { $0.event.type == .chatMessage }
        let newMessages =
            messageCount == 0
            ? 0 : try MessageStaging.write(batch.events, timelines, connection, path: &path, now: now)
        // Behind the messages: a deletion learns its author from them.
        let recognition = try CopyRecognition(batch.events, connection)
        var calls: [RowCall] = []
        var copies: [RowCall] = []
        var duplicates = messageCount - newMessages
        for (index, envelope) in batch.events.enumerated() {
            switch recognition.decision(at: index) {
            case .copy(let first, let table):
                copies.append(RowCall(envelope, copyOf: first, in: table))
                duplicates += 1
            case .known: duplicates += 1
            case .first, nil:
                let place = envelope.event.attribution
                let stream = place.flatMap { timelines.stream(of: $0.channel, at: $0.time) }
                if let call = RowCall(envelope, stream: stream, now: now) { calls.append(call) }
            }
        }
        let eventCalls = calls.count
        // Behind the rows that they are copies of.
        calls += copies
        calls += batch.deadLetters.map { RowCall($0, now: now) }
        calls += batch.gaps.map { RowCall($0, now: now) }
        let changes = try connection.execute(calls.map { ($0.statement.rawValue, $0.parameters) })
        let changed = changes.prefix(eventCalls).count { $0 > 0 }
        return (newMessages + changed, duplicates + eventCalls - changed)
    }
}
