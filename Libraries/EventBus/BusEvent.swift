package import Protocol

/// What a follower tells its consumer, in order for each partition of each producer.
package enum BusEvent: Sendable {
    /// A producer was found or has restarted. Nothing of it is delivered until `EventFollower.follow(_:from:)` is called.
    case producer(ProducerHello)
    /// The next event of a partition, continuing exactly after the previous one.
    case event(ReceivedEvent)
    /// The events in `(after, through]` of a partition are no longer in the journal. Delivery goes on behind them.
    case truncated(producer: String, partition: Int, after: Offset, through: Offset)
    /// Only with `Recovery.report`: the events in `(after, through]` were missed.
    case missed(producer: String, partition: Int, after: Offset, through: Offset)
    /// The consumer's offset is beyond everything that the producer's present run has accepted in the partition, up to
    /// `head`. Nothing more of the producer is delivered until `EventFollower.follow(_:from:)` is called.
    case overrun(producer: String, partition: Int, offset: Offset, head: Offset)
    /// The producer has answered the group's acknowledgement for the first time since it was found, or otherwise than
    /// before: `refusal` is nil where its journal is kept for our database.
    case acknowledged(producer: String, refusal: String?)
    /// Nothing was heard of the producer for 5 s.
    case silent(producer: String)
}

/// How a producer introduces itself.
package struct ProducerHello: Hashable, Sendable, Codable {
    package var service: String
    package var producer: String
    package var epoch: UInt32
    package var partitions: Int

    package init(service: String, producer: String, epoch: UInt32, partitions: Int) {
        self.service = service
        self.producer = producer
        self.epoch = epoch
        self.partitions = partitions
    }
}

/// One event as it came over the bus: the frame and what the follower had to read of it.
package struct ReceivedEvent: Sendable {
    package var producer: String
    package var partition: Int
    package var offset: Offset
    package var previous: Offset
    /// `<topic>\n<envelope JSON>`.
    package var frame: [UInt8]
    /// Where the JSON begins in `frame`.
    package var jsonStart: Int

    package init(producer: String, partition: Int, offset: Offset, previous: Offset, frame: [UInt8], jsonStart: Int) {
        self.producer = producer
        self.partition = partition
        self.offset = offset
        self.previous = previous
        self.frame = frame
        self.jsonStart = jsonStart
    }

    package var json: ArraySlice<UInt8> { frame[jsonStart...] }
    package var topic: ArraySlice<UInt8> { frame[..<max(0, jsonStart - 1)] }
}
