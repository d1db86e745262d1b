/// What a producer publishes twice a second: where each partition's journal ends.
///
/// A follower that has less knows that the tail was lost, even when nothing more is said in those channels. Its frame is
/// `hb.<producer>\n<JSON>`.
package struct Heartbeat: Hashable, Sendable, Codable {
    package var producer: String
    package var service: String
    /// The epoch of the producer's present run.
    package var epoch: UInt32
    /// How many partitions there are; a mismatch with `Partition.count` is fatal for a follower.
    package var partitions: Int
    /// The newest offset of each partition that has one. In JSON the keys are text: `{"7":"57123456-8123"}`.
    package var heads: [Int: Offset]

    package init(producer: String, service: String, epoch: UInt32, partitions: Int, heads: [Int: Offset]) {
        self.producer = producer
        self.service = service
        self.epoch = epoch
        self.partitions = partitions
        self.heads = heads
    }
}

/// Heartbeats as frames of the bus.
package enum HeartbeatCodec {
    /// What a subscription to every heartbeat begins with.
    package static let topicPrefix = "hb."

    package static func topic(_ producer: String) -> String { topicPrefix + producer }

    /// Whether a frame is a heartbeat, by its first bytes.
    package static func matches(_ frame: some Collection<UInt8>) -> Bool { frame.starts(with: topicPrefix.utf8) }

    package static func encode(_ heartbeat: Heartbeat) throws -> [UInt8] {
        try Array(topic(heartbeat.producer).utf8) + [UInt8(ascii: "\n")] + ColdJSON.encode(heartbeat)
    }

    /// Reads a whole frame; its topic must name the producer that its JSON names.
    package static func decode(_ frame: some Collection<UInt8>) throws(EnvelopeError) -> Heartbeat {
        guard let lineEnd = frame.firstIndex(of: UInt8(ascii: "\n")) else { throw .malformed("heartbeat of one line") }
        let heartbeat: Heartbeat = try ColdJSON.decode(frame[frame.index(after: lineEnd)...])
        guard frame[..<lineEnd].elementsEqual(topic(heartbeat.producer).utf8) else {
            throw .malformed("topic is not hb.<producer> with the producer of the heartbeat")
        }
        return heartbeat
    }
}
