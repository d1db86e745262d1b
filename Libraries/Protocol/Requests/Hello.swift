/// `HELLO`: a follower introduces itself and asks who is there.
package struct HelloRequest: Hashable, Sendable, Codable {
    /// Chosen by the asker, repeated in the reply.
    package var request: Int
    /// The follower's group, such as `writer`; nil for a tap, which never acknowledges.
    package var group: String?
    package var version: Int

    package init(request: Int, group: String? = nil, version: Int = RequestVerb.protocolVersion) {
        self.request = request
        self.group = group
        self.version = version
    }
}

/// The reply to `HELLO`.
package struct HelloReply: Hashable, Sendable, Codable {
    package var request: Int
    package var service: String
    package var producer: String
    /// The epoch of the producer's present run.
    package var epoch: UInt32
    package var partitions: Int
    package var version: Int

    package init(
        request: Int,
        service: String,
        producer: String,
        epoch: UInt32,
        partitions: Int,
        version: Int = RequestVerb.protocolVersion
    ) {
        self.request = request
        self.service = service
        self.producer = producer
        self.epoch = epoch
        self.partitions = partitions
        self.version = version
    }
}
