import Protocol

/// Makes, fills and drops the partitions of `chat_messages`, each in a short transaction of its own.
struct PartitionMaker {
    /// How long a change of the table waits for its readers: while it waits, others wait behind it.
    private static let patience = "SET LOCAL lock_timeout = '2s'"
    /// How many rows of a table without partitions one transaction of the retention deletes.
    static let deletionLimit = 5000

    /// The months that have a partition of ours.
    static func existing(_ connection: borrowing Connection) throws(PostgresError) -> Set<Month> {
        let answer = try connection.run(
            """
            SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'chat_messages'::regclass
            """
        )
        return Set(answer.rows.compactMap { row in row.first.flatMap(\.self).flatMap { Month(partitionName: $0) } })
    }

    /// Makes a month's partition, unless it is there, and moves what the default partition has of it.
    ///
    /// It is made as a table and then attached, which lets reading and writing of the others go on.
    static func make(_ month: Month, _ connection: borrowing Connection) throws(PostgresError) {
        let name = month.partitionName
        let (start, end) = (month.literal, month.next.literal)
        do {
            try transaction(connection) { connection throws(PostgresError) in
                guard try connection.run("SELECT to_regclass('\(name)')").value == nil else { return }
                try connection.run(
                    """
                    CREATE TABLE \(name) (LIKE chat_messages INCLUDING ALL EXCLUDING INDEXES);
                    WITH moved AS (
                        DELETE FROM chat_messages_other WHERE sent_at >= \(start) AND sent_at < \(end) RETURNING *
                    )
                    INSERT INTO \(name) SELECT * FROM moved;
                    ALTER TABLE chat_messages ATTACH PARTITION \(name) FOR VALUES FROM (\(start)) TO (\(end));
                    """
                )
            }
        } catch  where error.sqlState == "42P17" {
            // Another partition, such as the predecessor's table, holds this month.
        }
    }

    /// Drops the partitions that end before `cutoff` and deletes older rows elsewhere, as much as one turn may.
    /// - Returns: The dropped partitions, and whether there is more to delete.
    static func drop(
        before cutoff: Timestamp,
        _ connection: borrowing Connection
    ) throws(PostgresError) -> (partitions: [String], isComplete: Bool) {
        var parameter = BinaryFields.parameters
        parameter.time(cutoff)
        let old = try connection.query(
            """
            SELECT quote_ident(c.relname) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'chat_messages'::regclass AND c.relname <> 'chat_messages_other'
                AND substring(pg_get_expr(c.relpartbound, c.oid) FROM 'TO \\(''([^'']+)''\\)')::timestamptz
                    <= $1::timestamptz
            """,
            parameter
        )
        let names = old.rows.compactMap { $0.first.flatMap(\.self) }
        for name in names {
            try transaction(connection) { connection throws(PostgresError) in
                _ = try connection.run("DROP TABLE IF EXISTS \(name)")
            }
        }
        var isComplete = true
        for (table, column) in agingTables {
            let deleted = try connection.query(
                """
                DELETE FROM \(table) WHERE ctid IN (
                    SELECT ctid FROM \(table) WHERE \(column) < $1::timestamptz LIMIT \(deletionLimit)
                )
                """,
                parameter
            )
            isComplete = isComplete && deleted.changes < deletionLimit
        }
        return (names, isComplete)
    }

    /// Every table that holds what people wrote or did, with the column that tells its age.
    private static let agingTables = [
        ("chat_messages_other", "sent_at"), ("chat_notifications", "sent_at"),
        ("message_deleted_events", "deleted_at"), ("user_banned_events", "banned_at"),
        ("user_unbanned_events", "unbanned_at"), ("chat_clears", "cleared_at"), ("chat_notices", "received_at"),
        ("chat_settings", "received_at"), ("dead_letters", "created_at"),
    ]

    private static func transaction(
        _ connection: borrowing Connection,
        _ body: (borrowing Connection) throws(PostgresError) -> Void
    ) throws(PostgresError) {
        try connection.run("BEGIN; \(patience)")
        do throws(PostgresError) {
            try connection.run("SELECT pg_advisory_xact_lock(\(Migrator.lock))")
            try body(connection)
            try connection.run("COMMIT")
        } catch {
            _ = try? connection.run("ROLLBACK")
            throw error
        }
    }
}
