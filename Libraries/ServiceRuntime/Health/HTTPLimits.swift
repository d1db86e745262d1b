import NIOCore

/// What clients of the HTTP port may take up. Whoever can reach it must not be able to keep the service from its work.
struct HTTPLimits: Sendable {
    /// Connections at the same time. Beyond it the one that was idle longest is closed.
    var connections = 64
    /// From the beginning of a connection until its first request is there.
    var head = TimeAmount.seconds(10)
    /// Between two requests: longer than the interval of whoever scrapes metrics.
    var idle = TimeAmount.seconds(90)
    /// From the head of a request until its answer is written.
    var request = TimeAmount.seconds(10)
    /// Bytes of one request, head and body.
    var requestBytes = 64 << 10
}
