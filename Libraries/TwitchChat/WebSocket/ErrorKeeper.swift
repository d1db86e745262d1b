import NIOCore
import Synchronization

/// The first error of a channel. What a failed upgrade reports by itself is often only that the channel has closed.
final class ErrorKeeper: Sendable {
    private let kept = Mutex<(any Error)?>(nil)

    var error: (any Error)? { kept.withLock { $0 } }

    func keep(_ error: any Error) {
        kept.withLock { $0 = $0 ?? error }
    }

    /// Listens where it stands in the pipeline, closes the channel and passes the error on.
    final class Handler: ChannelInboundHandler {
        typealias InboundIn = NIOAny
        typealias InboundOut = NIOAny

        private let keeper: ErrorKeeper

        init(_ keeper: ErrorKeeper) {
            self.keeper = keeper
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            keeper.keep(error)
            context.fireErrorCaught(error)
            context.close(promise: nil)
        }
    }
}
