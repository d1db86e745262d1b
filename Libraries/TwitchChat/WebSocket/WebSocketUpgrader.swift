import NIOCore
import NIOHTTP1
import NIOWebSocket

/// The handshake of the WebSocket protocol, with a reader of our own behind it: NIO's closes a connection for one frame
/// that is too large, and everything that follows is lost.
struct WebSocketUpgrader: NIOTypedHTTPClientProtocolUpgrader {
    typealias Socket = WebSocketClient.Socket

    /// NIO's knows the handshake; its frame reader is never asked.
    private let handshake = NIOTypedWebSocketClientUpgrader<Void> { channel, _ in
        channel.eventLoop.makeSucceededVoidFuture()
    }
    private let adopt: @Sendable (any Channel) throws -> Socket

    let supportedProtocol = "websocket"
    let requiredUpgradeHeaders: [String] = []

    init(adopt: @escaping @Sendable (any Channel) throws -> Socket) {
        self.adopt = adopt
    }

    func addCustom(upgradeRequestHeaders: inout HTTPHeaders) {
        handshake.addCustom(upgradeRequestHeaders: &upgradeRequestHeaders)
    }

    func shouldAllowUpgrade(upgradeResponse: HTTPResponseHead) -> Bool {
        handshake.shouldAllowUpgrade(upgradeResponse: upgradeResponse)
    }

    func upgrade(channel: any Channel, upgradeResponse: HTTPResponseHead) -> EventLoopFuture<Socket> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(WebSocketFrameEncoder())
            return try adopt(channel)
        }
    }
}
