import NIOCore
import NIOWebSocket

/// The WebSocket rules of the server's side: masks, fragments, pings, closes. Passes text on to the simulator.
final class WebSocketEndpoint: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let simulator: Simulator
    private let maximumBytes: Int
    private var id: Int?
    private var fragments: ByteBuffer?

    init(simulator: Simulator, maximumBytes: Int) {
        self.simulator = simulator
        self.maximumBytes = maximumBytes
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        self.id = self.simulator.assumeIsolated { $0.opened(channel) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let id = self.id { self.simulator.assumeIsolated { $0.closed(id) } }
        self.id = nil
        context.fireChannelInactive()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { self.simulator.assumeIsolated { $0.pumpSoon() } }
        context.fireChannelWritabilityChanged()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let id = self.id else { return }
        let frame = self.unwrapInboundIn(data)
        guard frame.maskKey != nil else {
            self.simulator.assumeIsolated { $0.violation("frame not masked", connection: id) }
            return self.close(context: context, code: .protocolError)
        }
        guard self.simulator.assumeIsolated({ $0.answers(id) }) else { return }
        switch frame.opcode {
        case .text, .binary:
            guard self.fragments == nil else { return self.close(context: context, code: .protocolError) }
            self.collect(frame, into: context.channel.allocator.buffer(capacity: 0), id: id, context: context)
        case .continuation:
            guard let fragments = self.fragments else { return self.close(context: context, code: .protocolError) }
            self.fragments = nil
            self.collect(frame, into: fragments, id: id, context: context)
        case .ping:
            let pong = WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData)
            context.writeAndFlush(self.wrapOutboundOut(pong), promise: nil)
        case .connectionClose:
            let reply = WebSocketFrame(fin: true, opcode: .connectionClose, data: frame.unmaskedData)
            context.writeAndFlush(self.wrapOutboundOut(reply)).assumeIsolated().whenComplete { _ in
                context.close(promise: nil)
            }
        default:
            break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func collect(_ frame: WebSocketFrame, into start: ByteBuffer, id: Int, context: ChannelHandlerContext) {
        var text = start
        var data = frame.unmaskedData
        guard text.readableBytes + data.readableBytes <= self.maximumBytes else {
            return self.close(context: context, code: .messageTooLarge)
        }
        text.writeBuffer(&data)
        guard frame.fin else {
            self.fragments = text
            return
        }
        let received = String(buffer: text)
        self.simulator.assumeIsolated { $0.received(received, from: id) }
    }

    private func close(context: ChannelHandlerContext, code: WebSocketErrorCode) {
        var data = context.channel.allocator.buffer(capacity: 2)
        data.write(webSocketErrorCode: code)
        let frame = WebSocketFrame(fin: true, opcode: .connectionClose, data: data)
        context.writeAndFlush(self.wrapOutboundOut(frame)).assumeIsolated().whenComplete { _ in
            context.close(promise: nil)
        }
    }
}
