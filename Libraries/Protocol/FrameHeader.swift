/// What a follower needs of a frame to decide on it, read without decoding the event.
///
/// Only what stands before `data` is read, and `data` comes last in every frame of ours, as golden files pin. A frame
/// that is cut off, not of ours or of another major version is nil.
package struct FrameHeader: Hashable, Sendable {
    package var producer: String
    package var partition: Int
    package var offset: Offset
    package var previous: Offset
    /// Where the JSON begins in the frame.
    package var jsonStart: Int

    package init?(_ frame: some RandomAccessCollection<UInt8>) {
        guard let header = unsafe frame.withContiguousBytes({ unsafe Self.read($0) }) else { return nil }
        self = header
    }

    /// The same for a frame as it is received: another module's generic call would look up its types for each frame.
    package init?(_ frame: [UInt8]) {
        guard let header = unsafe frame.withUnsafeBufferPointer({ unsafe Self.read($0) }) else { return nil }
        self = header
    }

    private init(producer: String, partition: Int, offset: Offset, previous: Offset, jsonStart: Int) {
        self.producer = producer
        self.partition = partition
        self.offset = offset
        self.previous = previous
        self.jsonStart = jsonStart
    }

    private static let keys = JSONKeys(Envelope.CodingKeys.self)

    private static func read(_ frame: UnsafeBufferPointer<UInt8>) -> FrameHeader? {
        let topic = unsafe frame.prefix(Topic.maximumBytes + 1)
        guard let lineEnd = unsafe topic.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        return unsafe try? read(frame, jsonStart: lineEnd + 1)
    }

    private static func read(
        _ frame: UnsafeBufferPointer<UInt8>,
        jsonStart: Int
    ) throws(EnvelopeError) -> FrameHeader? {
        var json = unsafe JSONReader(frame, at: jsonStart)
        var members = try json.members(keys)
        var (id, partition, offset, previous) = (String?.none, Int?.none, Offset?.none, Offset?.none)
        while let key = try json.next(&members), key != .data {
            switch key {
            case .id: id = try json.value()
            case .partition: partition = try json.value()
            case .offset: offset = try json.value()
            case .previous: previous = try json.value()
            // A later version has its place like any other: whoever stores it decides what to do with the rest.
            case .specversion, .source, .type, .subject, .time, .data: try json.skip()
            }
        }
        guard let id, let partition, let offset, let previous,
            let producer = Envelope.producer(ofID: id, at: offset)
        else { return nil }
        return FrameHeader(
            producer: producer,
            partition: partition,
            offset: offset,
            previous: previous,
            jsonStart: jsonStart
        )
    }
}
