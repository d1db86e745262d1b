import EventStore

/// What must be right with a database as a whole before a row is written: else each row would meet it by itself.
enum StartChecks {
    /// The server's version, the database's encoding, and whether it can be written.
    static func checkServer(_ connection: borrowing Connection) throws(PostgresError) {
        try ServerVersion.check(connection)
        let encoding = try connection.run("SHOW server_encoding").value ?? ""
        guard encoding == "UTF8" else {
            throw PostgresError(
                sqlState: SQLState.unusable,
                message: "the database's encoding is \(encoding), which does not hold what people write; make one with "
                    + "CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0 and name it in DATABASE_URL",
                isBroken: false
            )
        }
        if let obstacle = try readOnlyReason(connection) {
            throw PostgresError(sqlState: "25006", message: obstacle, isBroken: false)
        }
    }

    /// Why nothing can be written; nil where it can.
    static func readOnlyReason(_ connection: borrowing Connection) throws(PostgresError) -> String? {
        let answer = try connection.run("SELECT current_setting('transaction_read_only'), pg_is_in_recovery()")
        guard let row = answer.rows.first, row.count == 2, row[0] == "on" else { return nil }
        return row[1] == "t"
            ? "the server is a standby, which is read-only; name the primary in DATABASE_URL, or promote this one"
            : "the server, or this user's default, is read-only; look at default_transaction_read_only"
    }

    /// Throws where this user lacks a right on one of the archive's tables.
    static func checkRights(_ connection: borrowing Connection) throws(PostgresError) {
        guard let missing = try missingRights(connection) else { return }
        throw PostgresError(sqlState: SQLState.rights, message: missing, isBroken: false)
    }

    /// What this user may not do and the writer needs, with what to do; nil where nothing is missing.
    static func missingRights(_ connection: borrowing Connection) throws(PostgresError) -> String? {
        let wanted = ArchiveRights.all.map { "('\($0.table)', '\($0.right)')" }.joined(separator: ", ")
        let answer = try connection.run(
            """
            SELECT w.t, w.r FROM (VALUES \(wanted)) AS w (t, r)
            WHERE to_regclass(w.t) IS NOT NULL AND NOT has_table_privilege(to_regclass(w.t), w.r)
            UNION ALL
            SELECT current_schema(), 'CREATE' WHERE NOT has_schema_privilege(current_schema(), 'CREATE')
            UNION ALL
            SELECT relname, 'OWN' FROM pg_class
            WHERE oid = to_regclass('chat_messages') AND relkind = 'p' AND NOT pg_has_role(relowner, 'USAGE')
            """
        )
        var tables: [String: [String]] = [:]
        for row in answer.rows where row.count == 2 { tables[row[1] ?? "", default: []].append(row[0] ?? "") }
        let words = [
            ("INSERT", "insert into"), ("SELECT", "read"), ("UPDATE", "update"), ("DELETE", "delete from"),
            ("CREATE", "create tables in schema"), ("OWN", "make partitions of"),
        ].compactMap { right, verb in tables[right].map { "\(verb) \($0.sorted().joined(separator: ", "))" } }
        guard !words.isEmpty else { return nil }
        return "this user may not \(words.joined(separator: "; nor "))"
            + "; use the user that made the tables, or make it a member of that role with GRANT"
    }
}

/// What the writer does with which table.
enum ArchiveRights {
    struct Need: Hashable {
        var table: String
        var right: String
    }

    static let all: [Need] =
        (changed + kept).flatMap { table in ["SELECT", "INSERT"].map { Need(table: table, right: $0) } }
        + changed.map { Need(table: $0, right: "UPDATE") }
        + ["stream_changes", "attribution_pending"].map { Need(table: $0, right: "DELETE") }
        + [Need(table: "database_identity", right: "SELECT"), Need(table: "schema_migrations", right: "SELECT")]

    private static let changed = [
        "streams", "stream_samples", "stream_changes", "channel_names", "chat_messages", "chat_notifications",
        "message_deleted_events", "user_banned_events", "user_unbanned_events", "chat_clears", "chat_notices",
        "chat_settings", "collection_sessions", "attribution_pending", "bus_offsets",
    ]
    private static let kept = ["collection_backfills", "collection_gaps", "dead_letters"]
}
