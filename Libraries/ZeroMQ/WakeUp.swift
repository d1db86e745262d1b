internal import CZeroMQ

/// Ends another thread's `Poller.wait(_:)`. Signals that come before the thread looks are one.
package final class WakeUp: Sendable {
    let descriptor: Int32

    package init() throws(ZeroMQError) {
        descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        guard descriptor >= 0 else { throw .last(.createWakeUp) }
    }

    deinit {
        close(descriptor)
    }

    /// Wakes the thread that waits, or the next one to wait.
    package func signal() {
        _ = eventfd_write(descriptor, 1)
    }

    /// Takes back all signals so far.
    package func reset() {
        var count: eventfd_t = 0
        _ = unsafe eventfd_read(descriptor, &count)
    }

    /// Waits, without sockets, for a signal or until `timeout` is over. For own threads only.
    package func wait(_ timeout: Duration?) throws(ZeroMQError) {
        var poller = Poller()
        _ = poller.add(self)
        _ = try poller.wait(timeout)
        reset()
    }
}
