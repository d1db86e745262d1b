internal import CZeroMQ

/// Waits until one of several sockets, or a wake-up, has something to read.
///
/// Filled anew before each wait, by the thread that owns the sockets, so that it never names a closed one.
@safe
package struct Poller {
    private var items: [zmq_pollitem_t]

    package init() {
        unsafe items = []
    }

    package mutating func removeAll() {
        unsafe items.removeAll(keepingCapacity: true)
    }

    /// Adds a socket and returns its place, to ask `isReadable(_:)` with.
    package mutating func add(_ socket: borrowing Socket) -> Int {
        unsafe items.append(zmq_pollitem_t(socket: socket.handle, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0))
        return unsafe items.count - 1
    }

    /// Adds a socket that is kept elsewhere, such as in a mutex.
    package mutating func add(_ target: PollTarget) -> Int {
        unsafe items.append(zmq_pollitem_t(socket: target.handle, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0))
        return unsafe items.count - 1
    }

    /// Adds a wake-up and returns its place.
    package mutating func add(_ wakeUp: WakeUp) -> Int {
        unsafe items.append(
            zmq_pollitem_t(socket: nil, fd: wakeUp.descriptor, events: Int16(ZMQ_POLLIN), revents: 0)
        )
        return unsafe items.count - 1
    }

    /// Waits for at most `timeout`, nil meaning for ever, and returns how many are readable. A signal counts as none.
    package mutating func wait(_ timeout: Duration?) throws(ZeroMQError) -> Int {
        let milliseconds = timeout.map { max(0, Int($0 / .milliseconds(1) + 0.999)) } ?? -1
        let count = unsafe items.count
        let ready = unsafe zmq_poll(&items, Int32(count), milliseconds)
        if ready >= 0 { return Int(ready) }
        if zmq_errno() == EINTR { return 0 }
        throw .last(.poll)
    }

    package func isReadable(_ place: Int) -> Bool {
        unsafe Int32(items[place].revents) & ZMQ_POLLIN != 0
    }
}

/// Names a socket to a `Poller`. It does not keep the socket open: its owner does, until the wait is over.
@safe
package struct PollTarget: Sendable {
    // Only handed to zmq_poll, on the socket's own thread.
    nonisolated(unsafe) let handle: UnsafeMutableRawPointer
}

extension Socket {
    package var pollTarget: PollTarget { unsafe PollTarget(handle: handle) }
}
