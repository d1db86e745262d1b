import NIOCore
import NIOWebSocket

/// Turns frames into messages: answers PING, takes part in the closing handshake, masks whatever is sent.
///
/// The messages of one read are handed on together, so that a busy connection costs one hop per read and not per line.
final class WebSocketMessages: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias InboundOut = [ByteBuffer]
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = WebSocketFrame

    /// Asks the handler to begin the closing handshake.
    struct CloseRequest: Sendable {}

    private let closeTimeout: TimeAmount
    private var messages: [ByteBuffer] = []
    private var closeWasSent = false

    init(closeTimeout: TimeAmount) {
        self.closeTimeout = closeTimeout
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = Self.unwrapInboundIn(data)
        switch frame.opcode {
        case .text, .binary:
            messages.append(frame.unmaskedData)
        case .ping:
            send(.pong, frame.unmaskedData, context: context)
        case .connectionClose:
            deliver(context: context)
            // The peer's status code comes back; its reason, if any, does not have to.
            var payload = frame.unmaskedData
            let code = payload.readSlice(length: min(2, payload.readableBytes)) ?? ByteBuffer()
            if !closeWasSent {
                closeWasSent = true
                send(.connectionClose, code, context: context)
            }
            context.close(promise: nil)
        default:
            break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        deliver(context: context)
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deliver(context: context)
        context.fireChannelInactive()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let frame = WebSocketFrame(
            fin: true,
            opcode: .text,
            maskKey: .random(),
            data: Self.unwrapOutboundIn(data)
        )
        context.write(Self.wrapOutboundOut(frame), promise: promise)
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is CloseRequest else {
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        promise?.succeed()
        guard !closeWasSent else { return }
        closeWasSent = true
        send(.connectionClose, ByteBuffer(bytes: [0x03, 0xE8]), context: context)
        // A peer that does not answer must not hold us up.
        let channel = context.channel
        context.eventLoop.assumeIsolated().scheduleTask(in: closeTimeout) { channel.close(promise: nil) }
    }

    private func deliver(context: ChannelHandlerContext) {
        guard !messages.isEmpty else { return }
        let ready = messages
        messages = []
        context.fireChannelRead(Self.wrapInboundOut(ready))
    }

    private func send(_ opcode: WebSocketOpcode, _ data: ByteBuffer, context: ChannelHandlerContext) {
        let frame = WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: data)
        context.writeAndFlush(Self.wrapOutboundOut(frame), promise: nil)
    }
}
