import EventStore

/// What the server or libpq said went wrong. Holds no data of rows: the server's DETAIL is left out.
struct PostgresError: Error, Hashable {
    /// SQLSTATE; nil where libpq speaks, not the server.
    var sqlState: String?
    /// One line.
    var message: String
    /// The connection is of no more use.
    var isBroken: Bool
    /// The constraint that a row violates; nil where there is none, also where no partition takes the row.
    var constraint: String?

    /// The server ends the connection, or this error is libpq's about it.
    static func broken(_ message: String) -> PostgresError {
        PostgresError(sqlState: nil, message: message, isBroken: true)
    }
}

extension EventStoreError {
    /// What an error of the server means for the caller.
    init(_ error: PostgresError, operation: String) {
        var message = error.message
        if error.sqlState == "42501" {
            message +=
                "; let the owner run GRANT for what is missing (CREATE, USAGE ON SCHEMA public to make tables), or use "
                + "a database that this user owns"
        }
        let code =
            error.sqlState.map { SQLState.code(of: $0, constraint: error.constraint, isBroken: error.isBroken) }
            ?? .unreachable
        self.init(code, operation: operation, message: message)
    }
}
