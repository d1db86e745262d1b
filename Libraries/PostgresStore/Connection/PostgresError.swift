import EventStore

/// What the server or libpq said went wrong. Holds no data of rows: the server's DETAIL is left out.
struct PostgresError: Error, Hashable {
    /// SQLSTATE; nil where libpq speaks, not the server.
    var sqlState: String?
    /// One line.
    var message: String
    /// The connection is of no more use.
    var isBroken: Bool

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
            message += "; let its owner run GRANT CREATE, USAGE ON SCHEMA public, or use a database that this user owns"
        }
        self.init(Self.code(of: error), operation: operation, message: message)
    }

    private static func code(of error: PostgresError) -> Code {
        guard let state = error.sqlState else { return .unreachable }
        switch state {
        case "55P03", "40P01", "40001", "55006": return .locked
        case "53100": return .diskFull
        case "25006": return .readOnly
        case "28000", "28P01", "42501": return .accessDenied
        case "3D000", "3F000": return .incompatible
        // Wrong files: no data of ours makes them.
        case "XX001", "XX002": return .corrupt
        // A statement took too long, or somebody cancelled it.
        case "57014": return .unavailable
        default: break
        }
        switch state.prefix(2) {
        // Connections, resources, shutting down and starting up, the system's own errors.
        case "08", "53", "57", "58": return error.isBroken ? .unreachable : .unavailable
        default: return error.isBroken ? .unreachable : .refused
        }
    }
}
