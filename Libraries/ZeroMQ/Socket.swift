internal import CZeroMQ

/// A libzmq socket. It belongs to one thread at a time: keep it in a local variable of one loop, or in a `Mutex`.
///
/// Closes itself, and keeps its context alive until then.
@safe
package struct Socket: ~Copyable {
    /// The kinds that the bus uses.
    package enum Kind: Sendable {
        case xpub
        case sub
        case router
        case dealer
        /// Answers one request after the other.
        case rep

        var code: Int32 {
            switch self {
            case .xpub: ZMQ_XPUB
            case .sub: ZMQ_SUB
            case .router: ZMQ_ROUTER
            case .dealer: ZMQ_DEALER
            case .rep: ZMQ_REP
            }
        }
    }

    let handle: UnsafeMutableRawPointer
    private let context: Context
    // The ZAP handler forgets a domain with its last owner, and then refuses everybody.
    let curve: CurveRole?

    package init(_ kind: Kind, in context: Context, options: SocketOptions = .init()) throws(ZeroMQError) {
        guard let handle = unsafe zmq_socket(context.handle, kind.code) else { throw .last(.createSocket) }
        do throws(ZeroMQError) {
            for option in options.all { try unsafe option.set(on: handle) }
        } catch {
            _ = unsafe zmq_close(handle)
            throw error
        }
        unsafe self.handle = handle
        self.context = context
        curve = options.curve
    }

    deinit {
        _ = unsafe zmq_close(handle)
    }

    /// Binds, and returns the endpoint that was bound: `tcp://127.0.0.1:*` gets a port.
    @discardableResult
    package borrowing func bind(_ endpoint: String) throws(ZeroMQError) -> String {
        guard unsafe zmq_bind(handle, endpoint) == 0 else { throw .last(.bind, subject: endpoint) }
        return try lastEndpoint()
    }

    /// Stops listening there. libzmq does it in the background.
    package borrowing func unbind(_ endpoint: String) throws(ZeroMQError) {
        guard unsafe zmq_unbind(handle, endpoint) == 0 else { throw .last(.unbind, subject: endpoint) }
    }

    /// Connects in the background, and again whenever the connection is lost.
    package borrowing func connect(_ endpoint: String) throws(ZeroMQError) {
        guard unsafe zmq_connect(handle, endpoint) == 0 else { throw .last(.connect, subject: endpoint) }
    }

    package borrowing func disconnect(_ endpoint: String) throws(ZeroMQError) {
        guard unsafe zmq_disconnect(handle, endpoint) == 0 else { throw .last(.disconnect, subject: endpoint) }
    }

    /// Lets messages through that begin with `prefix`. For `sub` only.
    package borrowing func subscribe(_ prefix: String) throws(ZeroMQError) {
        let bytes = Array(prefix.utf8)
        guard unsafe zmq_setsockopt(handle, ZMQ_SUBSCRIBE, bytes, bytes.count) == 0 else {
            throw .last(.subscribe, subject: prefix)
        }
    }

    /// Undoes one `subscribe` with the same prefix. For `sub` only.
    package borrowing func unsubscribe(_ prefix: String) throws(ZeroMQError) {
        let bytes = Array(prefix.utf8)
        guard unsafe zmq_setsockopt(handle, ZMQ_UNSUBSCRIBE, bytes, bytes.count) == 0 else {
            throw .last(.subscribe, subject: prefix)
        }
    }

    private borrowing func lastEndpoint() throws(ZeroMQError) -> String {
        var buffer = [UInt8](repeating: 0, count: 512)
        var count = buffer.count
        guard unsafe zmq_getsockopt(handle, ZMQ_LAST_ENDPOINT, &buffer, &count) == 0 else {
            throw .last(.readOption, subject: "LAST_ENDPOINT")
        }
        // The length includes the terminating NUL.
        return String(decoding: buffer.prefix(max(0, count - 1)), as: UTF8.self)
    }
}
