package import NIOCore
package import NIOWebSocket

/// Turns bytes into messages: answers PING, takes part in the closing handshake, masks whatever is sent.
///
/// The messages of one read are handed on together, so that a busy connection costs one hop per read and not per line.
package final class WebSocketMessages: ChannelDuplexHandler {
    package typealias InboundIn = ByteBuffer
    package typealias InboundOut = [ByteBuffer]
    package typealias OutboundIn = ByteBuffer
    package typealias OutboundOut = WebSocketFrame

    /// Asks the handler to begin the closing handshake.
    package struct CloseRequest: Sendable {
        package init() {}
    }

    private let closeTimeout: TimeAmount
    private let omitted: @Sendable (WebSocketOmission) -> Void
    private var parser: WebSocketParser
    private var messages: [ByteBuffer] = []
    private var closeWasSent = false
    /// Something was read since the closing handshake was last looked at.
    private var isHearing = false
    /// The server has closed, or cannot be understood any more.
    private var isDone = false

    init(limit: Int, closeTimeout: TimeAmount, omitted: @escaping @Sendable (WebSocketOmission) -> Void) {
        self.parser = WebSocketParser(limit: limit)
        self.closeTimeout = closeTimeout
        self.omitted = omitted
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return }
        isHearing = true
        parser.append(Self.unwrapInboundIn(data))
        do throws(WebSocketViolation) {
            while !isDone, let event = try parser.next() { receive(event, context: context) }
        } catch {
            fail(error, context: context)
        }
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        deliver(context: context)
        context.fireChannelReadComplete()
    }

    package func channelInactive(context: ChannelHandlerContext) {
        deliver(context: context)
        if !isDone, !closeWasSent, parser.isInside { context.fireErrorCaught(WebSocketViolation.truncated) }
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
        sendClose(ByteBuffer(bytes: [0x03, 0xE8]), context: context)
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

    private func receive(_ event: WebSocketParser.Event, context: ChannelHandlerContext) {
        switch event {
        case .message(let message): messages.append(message)
        case .ping(let text): send(.pong, text, context: context)
        case .pong: break
        case .omission(let omission): omitted(omission)
        case .close(let code):
            isDone = true
            deliver(context: context)
            // The peer's status code comes back; its reason, if any, does not have to.
            if !closeWasSent { sendClose(code, context: context) }
            context.close(promise: nil)
        }
    }

    private func fail(_ violation: WebSocketViolation, context: ChannelHandlerContext) {
        isDone = true
        deliver(context: context)
        // 1002, a protocol error.
        if !closeWasSent { sendClose(ByteBuffer(bytes: [0x03, 0xEA]), context: context) }
        context.fireErrorCaught(violation)
        context.close(promise: nil)
    }

    private func deliver(context: ChannelHandlerContext) {
        guard !messages.isEmpty else { return }
        let ready = messages
        messages = []
        context.fireChannelRead(Self.wrapInboundOut(ready))
    }

    private func sendClose(_ code: ByteBuffer, context: ChannelHandlerContext) {
        closeWasSent = true
        send(.connectionClose, code, context: context)
    }

    private func send(_ opcode: WebSocketOpcode, _ data: ByteBuffer, context: ChannelHandlerContext) {
        let frame = WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: data)
        context.writeAndFlush(Self.wrapOutboundOut(frame), promise: nil)
    }
}
