internal import CZeroMQ

/// A libzmq context: its I/O threads and its sockets. A process has one.
///
/// Owning, thread-correct Swift over libzmq. This library knows bytes, not events: a `Socket` cannot outlive its
/// context nor be copied, and the options that abort or stall libzmq 4.3.4 cannot be set (`docs/decisions/bus-zeromq.md`).
@safe
package final class Context: Sendable {
    /// The process's own context. It is never terminated: its sockets are closed by their owners.
    package static let process: Result<Context, ZeroMQError> = {
        do throws(ZeroMQError) {
            return .success(try Context())
        } catch {
            return .failure(error)
        }
    }()

    // libzmq contexts may be used from any thread (zmq_ctx_new(3)), and the pointer never changes.
    nonisolated(unsafe) let handle: UnsafeMutableRawPointer

    /// A context of its own: for tests, and for programs that end it.
    package init() throws(ZeroMQError) {
        guard let handle = unsafe zmq_ctx_new() else { throw .last(.createContext) }
        unsafe self.handle = handle
    }

    /// Makes every blocking call on the context's sockets fail with `terminated`, now and later.
    package func shutdown() {
        _ = unsafe zmq_ctx_shutdown(handle)
    }

    deinit {
        // Every socket retains its context, so all are closed here, and each has a LINGER: this returns.
        while unsafe zmq_ctx_term(handle) == -1, zmq_errno() == EINTR {}
    }
}
