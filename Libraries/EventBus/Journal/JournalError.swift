/// Why a journal could not do what was asked; its description is one line for the operator.
package struct JournalError: Error, Hashable, Sendable {
    package enum Code: String, Hashable, Sendable {
        /// The disk or the quota is full.
        case full
        /// Reading, writing or syncing failed.
        case inputOutput
        /// A file of the journal cannot be understood.
        case damaged
        /// A file or folder is another user's, open to others, or a link.
        case notOurs
        /// The journal was made with another number of partitions.
        case partitionCount
        /// No offset greater than the last one exists: the clock or the saved epoch is absurd.
        case offsetsExhausted
        /// The journal is open for reading only.
        case readOnly
        /// The journal or its slot was closed.
        case closed
    }

    package var code: Code
    /// What went wrong, with which file, and what to do next.
    package var reason: String

    package init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    /// Whether the same call may succeed later without anybody changing the configuration.
    package var isRetriable: Bool { code == .full || code == .inputOutput }
}

extension JournalError: CustomStringConvertible {
    package var description: String { reason }
}

/// An acknowledgement was refused: it came from another database than the one that the group began with.
package struct AcknowledgeRefused: Error, Hashable, Sendable {
    package var group: String
    /// The database that was remembered when the group first acknowledged.
    package var expected: String
    /// The database that the refused acknowledgement came from.
    package var received: String
    /// The file to remove if the database was changed on purpose.
    package var file: String

    package init(group: String, expected: String, received: String, file: String) {
        self.group = group
        self.expected = expected
        self.received = received
        self.file = file
    }
}

extension AcknowledgeRefused: CustomStringConvertible {
    package var description: String {
        "group \(group) acknowledged from database \(received), but this journal is kept for database \(expected);"
            + " if the database was changed on purpose, stop the service and remove \(file)"
    }
}
