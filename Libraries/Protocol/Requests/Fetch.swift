/// `FETCH`: asks for the events of the named partitions behind the given offsets.
package struct FetchRequest: Hashable, Sendable, Codable {
    package var request: Int
    /// The last offset that the follower has of each partition; `.zero` when it has none.
    package var after: [Int: Offset]
    /// How large the reply's events may be together; at least one event is sent.
    package var maxBytes: Int

    package init(request: Int, after: [Int: Offset], maxBytes: Int) {
        self.request = request
        self.after = after
        self.maxBytes = maxBytes
    }

    package enum CodingKeys: String, CodingKey {
        case request
        case after
        case maxBytes = "max_bytes"
    }
}

/// The reply to `FETCH`: this head, then `count` event frames.
package struct FetchReply: Hashable, Sendable, Codable {
    /// Events in `(after, through]` that the journal no longer has.
    package struct Truncation: Hashable, Sendable, Codable {
        package var partition: Int
        package var after: Offset
        package var through: Offset

        package init(partition: Int, after: Offset, through: Offset) {
            self.partition = partition
            self.after = after
            self.through = through
        }
    }

    package var request: Int
    /// How many event frames follow.
    package var count: Int
    /// Empty when nothing asked for is lost.
    package var truncated: [Truncation]
    /// Whether there was nothing more to send when the reply was made.
    package var complete: Bool
    /// The newest offset of each partition that has one.
    package var heads: [Int: Offset]
    /// The epoch of the producer's present run; nil where another process serves what it left, so that nothing comes on top.
    package var epoch: UInt32?

    package init(
        request: Int,
        count: Int,
        truncated: [Truncation] = [],
        complete: Bool,
        heads: [Int: Offset],
        epoch: UInt32? = nil
    ) {
        self.request = request
        self.count = count
        self.truncated = truncated
        self.complete = complete
        self.heads = heads
        self.epoch = epoch
    }
}
