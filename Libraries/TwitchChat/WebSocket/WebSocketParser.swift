import NIOCore
import NIOWebSocket

/// Bytes of a server in, messages and control frames out. No I/O.
///
/// Fragments are put together. What is too large is left out, as it comes and without being kept; everything before and
/// behind it is delivered.
struct WebSocketParser {
    /// What came.
    enum Event: Hashable {
        /// One text or binary message.
        case message(ByteBuffer)
        case ping(ByteBuffer)
        case pong
        /// The status code's two bytes, or nothing.
        case close(ByteBuffer)
        /// Something was left out.
        case omission(WebSocketOmission)
    }

    private enum State {
        case header
        case payload(Header)
        /// So many bytes of a frame that is left out are still to come.
        case skipping(UInt64)
    }

    private struct Header {
        var isFinal: Bool
        var opcode: UInt8
        var length: UInt64
        var mask: [UInt8]?
    }

    private let limit: Int
    private var bytes = ByteBuffer()
    private var state = State.header
    /// The fragments so far of a message that is not complete; empty buffers count.
    private var fragments: ByteBuffer?
    /// The message that is under way was too large: its other fragments are left out too.
    private var isOmitting = false

    /// - Parameter limit: The largest message in bytes, over all its fragments.
    init(limit: Int) {
        self.limit = limit
    }

    /// Whether the end of the connection would cut something in two.
    var isInside: Bool {
        if case .header = state { return bytes.readableBytes > 0 || fragments != nil || isOmitting }
        return true
    }

    /// Takes in what was received.
    mutating func append(_ received: ByteBuffer) {
        var received = received
        if bytes.readableBytes == 0 { bytes = received } else { bytes.writeBuffer(&received) }
    }

    /// The next thing that is complete; nil when more bytes are needed.
    /// - Throws: For what no client can go on from. Everything before it was told.
    mutating func next() throws(WebSocketViolation) -> Event? {
        while true {
            switch state {
            case .header:
                guard let header = try readHeader() else { return nil }
                if let omission = try begin(header) { return .omission(omission) }
            case .payload(let header):
                // Its length was checked against the limit.
                guard var payload = bytes.readSlice(length: Int(header.length)) else { return nil }
                state = .header
                if let mask = header.mask { payload.unmask(mask) }
                if let event = try receive(header, payload) { return event }
            case .skipping(let left):
                let count = min(UInt64(bytes.readableBytes), left)
                bytes.moveReaderIndex(forwardBy: Int(count))
                state = left == count ? .header : .skipping(left - count)
                guard left == count else { return nil }
            }
        }
    }

    private mutating func readHeader() throws(WebSocketViolation) -> Header? {
        var cursor = bytes
        guard let first = cursor.readInteger(as: UInt8.self), let second = cursor.readInteger(as: UInt8.self) else {
            return nil
        }
        guard first & 0x70 == 0 else { throw first & 0x70 == 0x40 ? .compressed : .reservedBits }
        var length = UInt64(second & 0x7F)
        if length == 126 {
            guard let long = cursor.readInteger(as: UInt16.self) else { return nil }
            length = UInt64(long)
        } else if length == 127 {
            guard let long = cursor.readInteger(as: UInt64.self) else { return nil }
            length = long
        }
        var mask: [UInt8]?
        if second & 0x80 != 0 {
            guard let key = cursor.readBytes(length: 4) else { return nil }
            mask = key
        }
        bytes = cursor
        return Header(isFinal: first & 0x80 != 0, opcode: first & 0x0F, length: length, mask: mask)
    }

    /// Decides what becomes of a frame whose header has come.
    private mutating func begin(_ header: Header) throws(WebSocketViolation) -> WebSocketOmission? {
        guard header.opcode < 0x8 else {
            guard header.isFinal, header.length <= 125 else { throw .malformedControlFrame }
            state = .payload(header)
            return nil
        }
        guard header.opcode <= 0x2 else {
            state = .skipping(header.length)
            return .unknownFrame(opcode: Int(header.opcode))
        }
        let isContinuation = header.opcode == 0x0
        let isUnderWay = fragments != nil || isOmitting
        guard isContinuation == isUnderWay else { throw isContinuation ? .strayContinuation : .interruptedMessage }
        let room = UInt64(max(0, limit - (fragments?.readableBytes ?? 0)))
        guard !isOmitting, header.length <= room else {
            state = .skipping(header.length)
            let wasOmitting = isOmitting
            fragments = nil
            isOmitting = !header.isFinal
            return wasOmitting ? nil : .oversized(limit: limit)
        }
        state = .payload(header)
        return nil
    }

    private mutating func receive(_ header: Header, _ payload: ByteBuffer) throws(WebSocketViolation) -> Event? {
        switch header.opcode {
        case 0x0, 0x1, 0x2:
            guard var message = fragments else {
                if header.isFinal { return .message(payload) }
                fragments = payload
                return nil
            }
            var payload = payload
            message.writeBuffer(&payload)
            fragments = header.isFinal ? nil : message
            return header.isFinal ? .message(message) : nil
        case 0x8:
            return .close(payload.getSlice(at: payload.readerIndex, length: min(2, payload.readableBytes)) ?? payload)
        case 0x9: return .ping(payload)
        case 0xA: return .pong
        default: return .omission(.unknownFrame(opcode: Int(header.opcode)))
        }
    }
}

/// What was left out of a connection that goes on.
package enum WebSocketOmission: Hashable, Sendable {
    /// A message of more than `limit` bytes.
    case oversized(limit: Int)
    /// A frame of a kind that the protocol reserves.
    case unknownFrame(opcode: Int)

    /// One line for a person.
    package var explanation: String {
        switch self {
        case .oversized(let limit): "a message of more than \(limit >> 20) MiB came; it was left out"
        case .unknownFrame(let opcode): "a WebSocket frame of the unknown kind \(opcode) came; it was left out"
        }
    }
}

/// A breach of the WebSocket protocol behind which nothing can be read.
package enum WebSocketViolation: Error, Hashable, Sendable {
    case compressed
    case reservedBits
    case malformedControlFrame
    case strayContinuation
    case interruptedMessage
    /// The connection ended inside a message.
    case truncated

    /// One line for a person.
    package var explanation: String {
        switch self {
        case .compressed: "the server sent a compressed frame, which was not agreed on; look for a proxy in between"
        case .reservedBits: "the server sent a frame with reserved bits; look for a proxy in between"
        case .malformedControlFrame: "the server sent a control frame that is too long or in pieces"
        case .strayContinuation: "the server sent the rest of a message that had not begun"
        case .interruptedMessage: "the server began a message inside another one"
        case .truncated: "the connection ended in the middle of a message"
        }
    }
}

extension ByteBuffer {
    /// Servers do not mask; whoever does is understood all the same.
    fileprivate mutating func unmask(_ key: [UInt8]) {
        self = ByteBuffer(bytes: readableBytesView.enumerated().map { $1 ^ key[$0 & 3] })
    }
}
