import Glibc

/// One reply of a producer: one frame, `<VERB> <JSON>`, behind which a `FETCH` has its events.
package enum BusReply: Hashable, Sendable {
    case hello(HelloReply)
    case heads(HeadsReply)
    /// Each frame is an event's `<topic>\n<envelope JSON>`.
    case fetch(FetchReply, frames: [[UInt8]])
    case snap(SnapReply)
    case ack(AckReply)
    case error(ErrorReply)

    /// The number of the request that it answers; 0 in an `ERROR` to a request that could not be read.
    package var request: Int {
        switch self {
        case .hello(let message): message.request
        case .heads(let message): message.request
        case .fetch(let message, _): message.request
        case .snap(let message): message.request
        case .ack(let message): message.request
        case .error(let message): message.request
        }
    }

    package func encode() throws -> [UInt8] {
        switch self {
        case .hello(let message): return try VerbFrame.encode(RequestVerb.hello.rawValue, message)
        case .heads(let message): return try VerbFrame.encode(RequestVerb.heads.rawValue, message)
        case .snap(let message): return VerbFrame.join(RequestVerb.snap.rawValue, message.json())
        case .ack(let message): return try VerbFrame.encode(RequestVerb.ack.rawValue, message)
        case .error(let message): return try VerbFrame.encode("ERROR", message)
        case .fetch(let message, let frames):
            var bytes = try VerbFrame.encode(RequestVerb.fetch.rawValue, message)
            bytes.reserveCapacity(frames.reduce(bytes.count + 1) { $0 + $1.count + 1 })
            bytes.append(UInt8(ascii: "\n"))
            for frame in frames {
                bytes.append(contentsOf: frame)
                bytes.append(UInt8(ascii: "\n"))
            }
            return bytes
        }
    }

    package static func decode(_ frame: some Collection<UInt8>) throws(EnvelopeError) -> BusReply {
        try decode(VerbFrame(frame))
    }

    /// The same for a frame as it is received: another module's generic call would go byte by byte.
    package static func decode(_ frame: [UInt8]) throws(EnvelopeError) -> BusReply {
        try decode(VerbFrame(frame))
    }

    private static func decode(_ parts: VerbFrame) throws(EnvelopeError) -> BusReply {
        switch parts.verb {
        case "HELLO": return .hello(try ColdJSON.decode(parts.json))
        case "HEADS": return .heads(try ColdJSON.decode(parts.json))
        case "SNAP": return .snap(try SnapReply(json: parts.json))
        case "ACK": return .ack(try ColdJSON.decode(parts.json))
        case "ERROR": return .error(try ColdJSON.decode(parts.json))
        case "FETCH":
            let head: FetchReply = try ColdJSON.decode(parts.json)
            return .fetch(head, frames: try frames(parts.rest, count: head.count))
        default: throw .malformed("unknown verb of a reply")
        }
    }

    /// Splits what follows the head: each frame is exactly two lines, a topic and its JSON.
    private static func frames(_ rest: [UInt8], count: Int) throws(EnvelopeError) -> [[UInt8]] {
        var frames: [[UInt8]] = []
        frames.reserveCapacity(min(max(0, count), rest.count / 2))
        var start = 0
        while start < rest.count {
            guard let topicEnd = lineEnd(in: rest, from: start), let end = lineEnd(in: rest, from: topicEnd + 1)
            else { throw .malformed("event \(frames.count) of a FETCH is cut off") }
            frames.append(Array(rest[start..<end]))
            start = end + 1
        }
        guard frames.count == count else { throw .malformed("FETCH has \(frames.count) events, not \(count)") }
        return frames
    }

    /// Where the line ends that begins there; by `memchr`, as a page has a million bytes.
    private static func lineEnd(in bytes: [UInt8], from start: Int) -> Int? {
        unsafe bytes.withUnsafeBytes { buffer in
            guard start < buffer.count, let base = buffer.baseAddress,
                let found = unsafe memchr(base + start, CInt(UInt8(ascii: "\n")), buffer.count - start)
            else { return nil }
            return unsafe UnsafeRawPointer(found) - base
        }
    }
}
