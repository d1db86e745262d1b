/// `ACK`: tells what a group's database has committed, so that the journal may forget it.
package struct AckRequest: Hashable, Sendable, Codable {
    package var request: Int
    package var group: String
    /// The database's own id, so that a test writer cannot make a journal forget.
    package var database: String
    /// The last committed offset of each partition.
    package var committed: [Int: Offset]
    /// True where a person has said that this database replaces the one that the journal obeyed before; absent otherwise.
    package var replaces: Bool?

    package init(
        request: Int,
        group: String,
        database: String,
        committed: [Int: Offset],
        replaces: Bool? = nil
    ) {
        self.request = request
        self.group = group
        self.database = database
        self.committed = committed
        self.replaces = replaces
    }
}

/// The reply to `ACK`.
package struct AckReply: Hashable, Sendable, Codable {
    package var request: Int
    package var accepted: Bool
    /// Why it was not accepted.
    package var message: String?

    package init(request: Int, accepted: Bool, message: String? = nil) {
        self.request = request
        self.accepted = accepted
        self.message = message
    }
}
