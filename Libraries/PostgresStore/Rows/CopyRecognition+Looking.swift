import EventStore
import Protocol

extension CopyRecognition {
    /// Looks at what is stored around each event of a batch that has no id of its own, and decides about it. Asks once for
    /// each table, and nothing when there is no such event.
    init(_ events: [Envelope], _ connection: borrowing Connection) throws(PostgresError) {
        self.init(events)
        for table in CopyTable.allCases {
            let questions = questions.filter { $0.content.table == table }
            guard !questions.isEmpty else { continue }
            for row in try connection.query(Self.sql(table), Self.parameters(questions, table)).rows {
                guard let number = row[0].flatMap({ Int($0) }), questions.indices.contains(number - 1),
                    let id = row[1], let at = Answer.time(row[2])
                else { continue }
                found(CopyRow(eventID: id, at: at, copiesColumn: row[3]), for: questions[number - 1])
            }
        }
        decide()
    }

    /// One look for each question: behind OFFSET it is never turned into a join that would read the whole table. The room
    /// and the time find an index.
    private static func sql(_ table: CopyTable) -> String {
        let columns = table.contentColumns
        let arrays = columns.indices.map { "$\($0 + 1)::text[]" }.joined(separator: ", ")
        let names = columns.indices.map { "c\($0)" }.joined(separator: ", ")
        let content = columns.enumerated().map { index, column in
            let value = "q.c\(index)::\(column.type.postgresName)"
            return index == 0 ? "t.\(column.name) = \(value)" : "t.\(column.name) IS NOT DISTINCT FROM \(value)"
        }
        return """
            SELECT q.number, r.event_id, \(Answer.milliseconds("r.at")), r.copies
            FROM unnest(\(arrays), $\(columns.count + 1)::int8[], $\(columns.count + 2)::int8[])
                WITH ORDINALITY AS q (\(names), from_at, through_at, number)
            CROSS JOIN LATERAL (
                SELECT t.event_id, t.\(table.timeColumn) AS at, t.copies FROM \(table.rawValue) t
                WHERE \(content.joined(separator: " AND ")) AND t.\(table.timeColumn)
                    BETWEEN to_timestamp(q.from_at / 1000.0) AND to_timestamp(q.through_at / 1000.0)
                    AND t.received_at IS NOT NULL AND t.event_id IS NOT NULL
                OFFSET 0
            ) AS r
            """
    }

    private static func parameters(_ questions: [Question], _ table: CopyTable) -> BinaryFields {
        var parameters = BinaryFields.parameters
        for index in table.contentColumns.indices {
            parameters.array(.text, questions) { $0.text($1.content.values[index].postgresText) }
        }
        parameters.array(.int8, questions) { $0.bigInteger($1.from.rawValue) }
        parameters.array(.int8, questions) { $0.bigInteger($1.through.rawValue) }
        return parameters
    }
}

extension CopyTable.ColumnType {
    fileprivate var postgresName: String {
        switch self {
        case .text: "text"
        case .integer: "integer"
        case .boolean: "boolean"
        }
    }
}

extension CopyContent.Value {
    /// As the server reads it; a number as the column of 32 bits holds it.
    fileprivate var postgresText: String? {
        switch self {
        case .text(let text): text
        case .integer(let number): "\(Int32(clamping: number))"
        case .boolean(let truth): "\(truth)"
        case .null: nil
        }
    }
}
