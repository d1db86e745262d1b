import EventStore
import GRDB
import Protocol

/// Rows that another reader told first. Statements are made only for a batch that has such events.
struct CopyRows {
    private let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// Looks at what is stored around each event of the batch that has no id of its own, and decides about it.
    func decisions(about events: [Envelope]) throws -> CopyRecognition {
        var recognition = CopyRecognition(events)
        for question in recognition.questions {
            for row in try stored(question) { recognition.found(row, for: question) }
        }
        recognition.decide()
        return recognition
    }

    /// Notes in the row of `first` that the event is a copy of it.
    func note(_ envelope: Envelope, copyOf first: String, in table: CopyTable) throws {
        let sql = """
            UPDATE \(table.rawValue) SET copies = coalesce(copies || ' ', '') || ?1 WHERE event_id = ?2
            """
        var statement = try RowStatement(sql, in: database)
        statement.begin()
        try statement.text(envelope.eventID)
        try statement.text(first)
        _ = try statement.run()
    }

    private func stored(_ question: CopyRecognition.Question) throws -> [CopyRow] {
        let table = question.content.table
        let statement = try database.cachedStatement(sql: Self.lookSQL(table))
        var arguments = question.content.values.map(\.databaseValue)
        arguments += [question.from.dateTimeText.databaseValue, question.through.dateTimeText.databaseValue]
        return try Row.fetchAll(statement, arguments: StatementArguments(arguments)).compactMap { row in
            guard let id: String = row[0], let text: String = row[1], let at = Timestamp(dateTimeText: text) else {
                return nil
            }
            return CopyRow(eventID: id, at: at, copiesColumn: row[2])
        }
    }

    /// The predecessor's rows have no `received_at`, those of before copies were recognised no `event_id`.
    private static func lookSQL(_ table: CopyTable) -> String {
        let content = table.contentColumns.map { "\($0.name) IS ?" }.joined(separator: " AND ")
        return """
            SELECT event_id, \(table.timeColumn), copies FROM \(table.rawValue)
            WHERE \(content) AND \(table.timeColumn) BETWEEN ? AND ?
                AND received_at IS NOT NULL AND event_id IS NOT NULL
            ORDER BY \(table.timeColumn), event_id
            """
    }
}

extension CopyContent.Value {
    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .text(let text): text.databaseValue
        case .integer(let number): number.databaseValue
        case .boolean(let truth): truth.databaseValue
        case .null: .null
        }
    }
}
