import EventStore
import Protocol

/// One transaction: the offsets by compare-and-set, then the rows, then COMMIT.
struct BatchTransaction {
    private let advances: RowCall
    private let advanceCount: Int
    private var messages: MessageStaging
    private var messageCount = 0
    private var calls: [RowCall] = []
    private var eventCalls = 0

    /// Encodes the batch: nothing is sent before `write`.
    init(_ batch: StoreBatch, now: Timestamp) {
        advances = RowCall(batch.advances, now: now)
        advanceCount = batch.advances.count
        messages = MessageStaging(now: now, capacity: batch.events.count)
        for envelope in batch.events {
            if case .chatMessage(let message) = envelope.event {
                _ = messages.add(message, eventID: envelope.eventID)
                messageCount += 1
            } else if let call = RowCall(envelope, now: now) {
                calls.append(call)
            }
        }
        eventCalls = calls.count
        calls += batch.deadLetters.map { RowCall($0, now: now) }
        calls += batch.gaps.map { RowCall($0, now: now) }
    }

    /// The months of its messages.
    var months: Set<Month> { messages.months }

    /// - Throws: `PostgresError`; whatever was done is to be rolled back.
    /// - Returns: nil when an offset was not where the batch begins.
    mutating func write(_ connection: borrowing Connection, pid: Int) throws(PostgresError) -> CommitOutcome? {
        try connection.run("BEGIN")
        let moved = try connection.execute(RowStatement.advance.rawValue, advances.parameters)
        guard let row = moved.rows.first, row.count == 2, row[1] == "\(pid)" else { throw Pooler.error }
        guard row[0] == "\(advanceCount)" else { return nil }
        let newMessages = try messages.write(connection)
        // Behind the messages: a deletion learns its author from them.
        let changes = try connection.execute(calls.map { ($0.statement.rawValue, $0.parameters) })
        let changed = changes.prefix(eventCalls).count { $0 > 0 }
        return .committed(
            inserted: newMessages + changed,
            duplicates: messageCount - newMessages + eventCalls - changed
        )
    }
}
