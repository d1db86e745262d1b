/// Why the database did not do as asked. The description is safe to log.
package struct EventStoreError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// Another process holds the file or the rows.
        case locked
        /// It is not open, or cannot be opened now.
        case unavailable
        /// The database server does not answer, or not yet, or the connection broke before COMMIT was sent.
        case unreachable
        /// The connection broke while COMMIT was under way: the offsets tell what happened.
        case commitOutcomeUnknown = "commit_outcome_unknown"
        case diskFull = "disk_full"
        case readOnly = "read_only"
        /// The file is no database, or one that this version cannot use.
        case incompatible
        /// The server does not let this user in.
        case accessDenied = "access_denied"
        case corrupt
        /// The statement itself was refused: a defect of ours.
        case refused
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

    /// Whether the same call may succeed later.
    package var isRetriable: Bool {
        switch code {
        case .locked, .unavailable, .unreachable, .commitOutcomeUnknown, .diskFull, .readOnly: true
        case .incompatible, .accessDenied, .corrupt, .refused: false
        }
    }

    package var description: String { "\(operation): \(message) (\(code.rawValue))" }
}
