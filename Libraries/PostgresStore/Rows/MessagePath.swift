/// How the messages of the next batch are written: a decision without I/O.
///
/// COPY straight into `chat_messages` costs the server two thirds of COPY into a staging table and INSERT from there, but
/// it fails as a whole where one message is there already. That is rare, except while two gateways deliver the same
/// channels, and then it is nearly every batch: each collision in a row keeps to the staging table for twice as long.
struct MessagePath: Hashable, Sendable {
    enum Choice: Hashable, Sendable {
        /// COPY into the table itself, below a savepoint.
        case direct
        /// COPY into the staging table, INSERT … ON CONFLICT DO NOTHING from there.
        case staged
    }

    /// For how many batches a first collision keeps to the staging table, and any number of them at most.
    static let firstPause = 8
    static let longestPause = 1024

    private var pause = 0
    private var remaining = 0

    /// The way of the next batch.
    mutating func next() -> Choice {
        guard remaining > 0 else { return .direct }
        remaining -= 1
        return .staged
    }

    mutating func collided() {
        pause = min(max(pause * 2, Self.firstPause), Self.longestPause)
        remaining = pause
    }

    mutating func wentThrough() {
        pause = 0
    }
}
