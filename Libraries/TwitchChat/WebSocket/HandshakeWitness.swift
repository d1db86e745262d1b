import NIOCore
import Synchronization

/// What happened on a connection until its WebSocket was open. What a failed upgrade reports by itself is often only that
/// the channel has closed, or which call failed.
final class HandshakeWitness: Sendable {
    /// Enough for a banner, a status line and the headers that matter.
    private static let limit = 2048

    private struct State {
        var error: (any Error)?
        var wire: [UInt8] = []
        var inside: [UInt8] = []
    }

    private let state = Mutex(State())

    /// The first error.
    var error: (any Error)? { state.withLock { $0.error } }
    /// The first bytes that came over the wire.
    var wire: [UInt8] { state.withLock { $0.wire } }
    /// The first bytes that came inside TLS; those of the wire where there is none.
    var inside: [UInt8] { state.withLock { $0.inside } }

    func keep(_ error: any Error) {
        state.withLock { $0.error = $0.error ?? error }
    }

    /// Listens below TLS.
    var below: Listener { Listener(self, isInside: false) }
    /// Listens above TLS, and closes the channel at the first error.
    var above: Listener { Listener(self, isInside: true) }

    private func saw(_ bytes: ByteBuffer, isInside: Bool) {
        state.withLock { state in
            let path = isInside ? \State.inside : \State.wire
            let room = Self.limit - state[keyPath: path].count
            if room > 0 { state[keyPath: path] += bytes.readableBytesView.prefix(room) }
        }
    }

    /// Where the witness stands in a pipeline.
    final class Listener: ChannelInboundHandler, RemovableChannelHandler {
        typealias InboundIn = ByteBuffer
        typealias InboundOut = ByteBuffer

        private let witness: HandshakeWitness
        private let isInside: Bool

        init(_ witness: HandshakeWitness, isInside: Bool) {
            self.witness = witness
            self.isInside = isInside
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            witness.saw(Self.unwrapInboundIn(data), isInside: isInside)
            context.fireChannelRead(data)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            witness.keep(error)
            context.fireErrorCaught(error)
            if isInside { context.close(promise: nil) }
        }
    }
}
