/// One step of the schema. Once released, a step never changes and keeps its place; new ones are appended.
struct Migration: Sendable {
    let name: String
    /// Runs inside a transaction, without time limits.
    let apply: @Sendable (borrowing Connection) throws(PostgresError) -> Void

    /// Every step, oldest first.
    static let all = [
        Migration(name: "0001-tables") { (connection) throws(PostgresError) in
            for table in PredecessorTable.all { try table.adopt(connection) }
            try connection.run(ServiceTables.sql, within: nil)
            try connection.run(StreamTables.sql, within: nil)
        },
        Migration(name: "0003-backfill") { (connection) throws(PostgresError) in
            try connection.run(BackfillTables.sql, within: nil)
        },
        Migration(name: "0004-copies") { (connection) throws(PostgresError) in
            try connection.run(CopyColumns.sql, within: nil)
        },
        Migration(name: "0005-producers") { (connection) throws(PostgresError) in
            try connection.run(ProducerTables.sql, within: nil)
        },
    ]
}
