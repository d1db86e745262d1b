import NIOCore
import NIOHTTPTypes

/// Keeps one connection within its limits of time and size; what exceeds them is closed without an answer.
final class HTTPConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: HTTPLimits
    private let connections: HTTPConnections
    private let size: RequestSize
    private var timer: Scheduled<Void>?
    /// Requests whose answer is not written yet.
    private var requests = 0
    private var isReading = false

    init(_ limits: HTTPLimits, _ connections: HTTPConnections) {
        self.limits = limits
        self.connections = connections
        self.size = RequestSize(limit: limits.requestBytes)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        // In front of the decoder, which keeps what is no request yet.
        try? context.pipeline.syncOperations.addHandler(self.size, position: .first)
        self.connections.idles(context.channel)
        self.schedule(self.limits.head, context)
    }

    func handlerRemoved(context: ChannelHandlerContext) { self.end(context) }

    func channelInactive(context: ChannelHandlerContext) {
        self.end(context)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch self.unwrapInboundIn(data) {
        case .head:
            if self.requests == 0, !self.isReading {
                self.connections.isNotIdle(context.channel)
                self.schedule(self.limits.request, context)
            }
            self.requests += 1
            self.isReading = true
        case .body: break
        case .end:
            self.isReading = false
            self.size.begin()
            self.rest(context)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let part = self.unwrapOutboundIn(data)
        context.write(data, promise: promise)
        guard case .end = part else { return }
        self.requests = max(0, self.requests - 1)
        self.rest(context)
    }

    /// Everything that was asked is answered.
    private func rest(_ context: ChannelHandlerContext) {
        guard self.requests == 0, !self.isReading, context.channel.isActive else { return }
        self.connections.idles(context.channel)
        self.schedule(self.limits.idle, context)
    }

    private func schedule(_ time: TimeAmount, _ context: ChannelHandlerContext) {
        self.timer?.cancel()
        self.timer = context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
    }

    private func end(_ context: ChannelHandlerContext) {
        self.timer?.cancel()
        self.timer = nil
        self.connections.isNotIdle(context.channel)
    }
}

/// Counts the bytes of the request that is being read.
private final class RequestSize: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let limit: Int
    private var bytes = 0

    init(limit: Int) { self.limit = limit }

    /// Another request begins.
    func begin() { self.bytes = 0 }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.bytes += self.unwrapInboundIn(data).readableBytes
        guard self.bytes <= self.limit else { return context.close(promise: nil) }
        context.fireChannelRead(data)
    }
}
