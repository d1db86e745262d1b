/// Why the database did not do as asked. The description is safe to log.
package struct EventStoreError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// Another process holds the file or the rows.
        case locked
        /// It cannot do this now: out of memory, a statement that took too long, an I/O error.
        case unavailable
        /// The database server does not answer, or not yet, or the connection broke before COMMIT was sent.
        case unreachable
        /// The connection broke while COMMIT was under way: the offsets tell what happened.
        case commitOutcomeUnknown = "commit_outcome_unknown"
        case diskFull = "disk_full"
        case readOnly = "read_only"
        /// The file or its folder cannot be made or opened.
        case cannotOpen = "cannot_open"
        /// The server has no database of this name.
        case noDatabase = "no_database"
        /// The file is no database, or one that this version cannot use, or another archive than before.
        case incompatible
        /// The server does not let this user in, or does not let it do what writing needs.
        case accessDenied = "access_denied"
        case corrupt
        /// Tables, triggers or functions are not as this version needs them, or the server failed inside: no row can be the
        /// cause, so no row is given up for it.
        case schema
        /// A row was refused, and rows alone can be the cause.
        case refused
        /// The store was closed, and nothing opens it again.
        case closed
    }

    package var code: Code
    /// What was tried, such as `commit`.
    package var operation: String
    /// The engine's own words, without data.
    package var message: String

    package init(_ code: Code, operation: String, message: String) {
        self.code = code
        self.operation = operation
        self.message = message
    }

    /// Whether the same call may succeed later, be it because a person mends the database: everything but a refused row.
    package var isRetriable: Bool {
        switch code {
        case .refused, .closed: false
        default: true
        }
    }

    package var description: String { "\(operation): \(message) (\(code.rawValue))" }
}
