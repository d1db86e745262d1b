/// Recognises a connection pooler that gives each transaction another session, such as PgBouncer with
/// `pool_mode = transaction`: locks, settings and prepared statements of a session mean nothing there.
enum Pooler {
    static let error = PostgresError(
        sqlState: SQLState.unusable,
        message: "a pooler gives each transaction another session (PgBouncer's pool_mode = transaction), which cannot "
            + "hold locks; name the server itself in DATABASE_URL, or set pool_mode = session for this user",
        isBroken: false
    )

    /// How long a second session is waited for.
    private static let patience = Duration.seconds(2)

    /// Throws when there is one. A second connection is made only when the first one is not straight to the server.
    ///
    /// A pooler that has no second session for us while ours does nothing keeps ours for us: that is what is wanted, so that
    /// as many sessions are enough as there are writers. What this look cannot tell shows later: each commit, and each look at
    /// the partitions, asks which session answers.
    static func check(
        _ connection: borrowing Connection,
        _ connect: () throws(PostgresError) -> Connection
    ) throws(PostgresError) {
        let pid = try processID(connection)
        // A pooler has its own idea of the process that a cancel request is for.
        if pid == connection.announcedPID { return }
        do throws(PostgresError) {
            let other = try connect()
            try other.run("BEGIN", within: patience)
            // A session of ours would not have been given to anybody else.
            guard try processID(other) != pid else { throw Self.error }
            // While that one holds a session in a transaction, ours must still be the same, however often it is asked.
            for _ in 0..<4 {
                guard try processID(connection) == pid else { throw Self.error }
            }
            _ = try? other.run("ROLLBACK")
        } catch {
            // In statement mode not even a transaction is allowed, and the pooler hangs up.
            if error == Self.error || error.message.contains("pooling mode") { throw Self.error }
        }
    }

    static func processID(_ connection: borrowing Connection) throws(PostgresError) -> Int {
        try connection.run("SELECT pg_backend_pid()").value.flatMap { Int($0) } ?? 0
    }
}
