/// Recognises a connection pooler that gives each transaction another session, such as PgBouncer with
/// `pool_mode = transaction`: locks, settings and prepared statements of a session mean nothing there.
enum Pooler {
    static let error = PostgresError(
        sqlState: "3F000",
        message: "a pooler gives each transaction another session (PgBouncer's pool_mode = transaction), which cannot "
            + "hold locks; name the server itself in DATABASE_URL, or set pool_mode = session for this user",
        isBroken: false
    )

    /// Throws when there is one. A second connection is made only when the first one is not straight to the server.
    static func check(
        _ connection: borrowing Connection,
        _ connect: () throws(PostgresError) -> Connection
    ) throws(PostgresError) {
        let pid = try processID(connection)
        // A pooler has its own idea of the process that a cancel request is for.
        if pid == connection.announcedPID { return }
        let other = try connect()
        do throws(PostgresError) {
            try other.run("BEGIN")
            // A session of ours would not have been given to anybody else.
            guard try processID(other) != pid else { throw error }
        } catch {
            // In statement mode not even a transaction is allowed, and the pooler hangs up.
            throw error.sqlState == "08P01" || error.message.contains("pooling mode") ? Self.error : error
        }
        // While that one holds a session in a transaction, ours must still be the same, however often it is asked.
        for _ in 0..<4 {
            guard try processID(connection) == pid else { throw error }
        }
        _ = try? other.run("ROLLBACK")
    }

    static func processID(_ connection: borrowing Connection) throws(PostgresError) -> Int {
        try connection.run("SELECT pg_backend_pid()").value.flatMap { Int($0) } ?? 0
    }
}
