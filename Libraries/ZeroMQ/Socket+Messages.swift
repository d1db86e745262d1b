internal import CZeroMQ

extension Socket {
    /// Sends one frame.
    /// - Parameters:
    ///   - bytes: The frame.
    ///   - more: Whether further frames of the same message follow; only a `router` needs it, for the identity.
    ///   - wait: Whether to block while the queue is full.
    /// - Returns: False if the queue was full and `wait` is false.
    /// - Throws: What libzmq refused, such as `terminated`.
    @discardableResult
    package borrowing func send(
        _ bytes: [UInt8],
        more: Bool = false,
        wait: Bool = false
    ) throws(ZeroMQError) -> Bool {
        try unsafe send(bytes.span.bytes, more: more, wait: wait)
    }

    /// Sends one frame; see `send(_:more:wait:)` for arrays.
    @discardableResult
    package borrowing func send(_ bytes: RawSpan, more: Bool = false, wait: Bool = false) throws(ZeroMQError) -> Bool {
        let flags = (more ? ZMQ_SNDMORE : 0) | (wait ? 0 : ZMQ_DONTWAIT)
        while true {
            let sent = unsafe bytes.withUnsafeBytes { unsafe zmq_send(handle, $0.baseAddress, $0.count, flags) }
            if sent >= 0 { return true }
            switch zmq_errno() {
            case EINTR: continue
            case EAGAIN: return false
            // The peer went away (`router`): the same as a full queue, nobody will read it.
            case EHOSTUNREACH: return false
            default: throw .last(.send)
            }
        }
    }

    /// What one call of `receive(into:wait:)` did.
    package enum Received: Sendable {
        /// A frame, the last one of its message.
        case last
        /// A frame, and more frames of the same message follow.
        case more
        /// Nothing was there, and the call was not to wait.
        case nothing
    }

    /// Receives one frame into `buffer`, whose contents are replaced and whose memory is used again.
    package borrowing func receive(
        into buffer: inout [UInt8],
        wait: Bool = false
    ) throws(ZeroMQError) -> Received {
        var sender: String?
        return try receive(into: &buffer, sender: &sender, wait: wait)
    }

    /// The same for a server's socket, with the sender's name by which its key is allowed; nil where the connection is not
    /// encrypted. Nobody but the key's owner can send under it.
    package borrowing func receive(
        into buffer: inout [UInt8],
        sender: inout String?,
        wait: Bool = false
    ) throws(ZeroMQError) -> Received {
        var message = zmq_msg_t()
        unsafe zmq_msg_init(&message)
        defer { unsafe zmq_msg_close(&message) }
        while unsafe zmq_msg_recv(&message, handle, wait ? 0 : ZMQ_DONTWAIT) < 0 {
            switch zmq_errno() {
            case EINTR: continue
            case EAGAIN: return .nothing
            default: throw .last(.receive)
            }
        }
        sender = curve == nil ? nil : unsafe zmq_msg_gets(&message, "User-Id").map { unsafe String(cString: $0) }
        buffer.removeAll(keepingCapacity: true)
        unsafe buffer.append(
            contentsOf: UnsafeRawBufferPointer(start: zmq_msg_data(&message), count: zmq_msg_size(&message))
        )
        return unsafe zmq_msg_more(&message) != 0 ? .more : .last
    }

    /// Receives one frame as an array of its own; nil if there is none. Further frames of the same message are dropped.
    package borrowing func receive(wait: Bool = false) throws(ZeroMQError) -> [UInt8]? {
        var frame: [UInt8] = []
        var state = try receive(into: &frame, wait: wait)
        if case .nothing = state { return nil }
        var rest: [UInt8] = []
        while case .more = state { state = try receive(into: &rest, wait: true) }
        return frame
    }
}
