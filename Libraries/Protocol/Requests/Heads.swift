/// `HEADS`: asks for the newest offset of each partition.
package struct HeadsRequest: Hashable, Sendable, Codable {
    package var request: Int

    package init(request: Int) {
        self.request = request
    }
}

/// The reply to `HEADS`.
package struct HeadsReply: Hashable, Sendable, Codable {
    package var request: Int
    /// The newest offset of each partition that has one.
    package var heads: [Int: Offset]

    package init(request: Int, heads: [Int: Offset]) {
        self.request = request
        self.heads = heads
    }
}
