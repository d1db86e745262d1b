package import NIOCore
package import NIOWebSocket

/// Turns frames into messages: answers PING, takes part in the closing handshake, masks whatever is sent.
///
/// The messages of one read are handed on together, so that a busy connection costs one hop per read and not per line.
package final class WebSocketMessages: ChannelDuplexHandler {
    package typealias InboundIn = WebSocketFrame
    package typealias InboundOut = [ByteBuffer]
    package typealias OutboundIn = ByteBuffer
    package typealias OutboundOut = WebSocketFrame

    /// Asks the handler to begin the closing handshake.
    package struct CloseRequest: Sendable {
        package init() {}
    }

    private let closeTimeout: TimeAmount
    private var messages: [ByteBuffer] = []
    private var closeWasSent = false
    /// Something was read since the closing handshake was last looked at.
    private var isHearing = false

    init(closeTimeout: TimeAmount) {
        self.closeTimeout = closeTimeout
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = Self.unwrapInboundIn(data)
        isHearing = true
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

    package func channelReadComplete(context: ChannelHandlerContext) {
        deliver(context: context)
        context.fireChannelReadComplete()
    }

    package func channelInactive(context: ChannelHandlerContext) {
        deliver(context: context)
        context.fireChannelInactive()
    }

    package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let frame = WebSocketFrame(
            fin: true,
            opcode: .text,
            maskKey: .random(),
            data: Self.unwrapOutboundIn(data)
        )
        context.write(Self.wrapOutboundOut(frame), promise: promise)
    }

    package func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?)
    {
        guard event is CloseRequest else {
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        promise?.succeed()
        guard !closeWasSent else { return }
        closeWasSent = true
        send(.connectionClose, ByteBuffer(bytes: [0x03, 0xE8]), context: context)
        closeWhenSilent(context: context)
    }

    /// A peer that does not answer must not hold us up; one that still sends what was said before is heard out.
    private func closeWhenSilent(context: ChannelHandlerContext) {
        isHearing = false
        context.eventLoop.assumeIsolated().scheduleTask(in: closeTimeout) {
            if self.isHearing {
                self.closeWhenSilent(context: context)
            } else {
                context.close(promise: nil)
            }
        }
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
