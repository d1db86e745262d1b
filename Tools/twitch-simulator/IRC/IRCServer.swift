import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket

/// The listening side of the IRC WebSocket.
enum IRCServer {
    /// Starts to listen.
    ///
    /// - Returns: the listening channel; its local address has the port.
    static func listen(_ settings: SimulatorSettings, simulator: Simulator, on loop: any EventLoop) async throws
        -> any Channel
    {
        let tls = try Self.tlsContext(settings)
        let maximumBytes = settings.limits.clientMessageBytes
        let mark = ChannelOptions.Types.WriteBufferWaterMark(
            low: max(1, settings.wire.highWaterMark / 2),
            high: max(2, settings.wire.highWaterMark)
        )
        return try await ServerBootstrap(group: loop, childGroup: loop)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.writeBufferWaterMark, value: mark)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
                    try pipeline.addHandler(RawWrites())
                    let upgrader = NIOWebSocketServerUpgrader(
                        maxFrameSize: maximumBytes,
                        shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
                        upgradePipelineHandler: { channel, _ in
                            channel.eventLoop.makeCompletedFuture {
                                let endpoint = WebSocketEndpoint(simulator: simulator, maximumBytes: maximumBytes)
                                try channel.pipeline.syncOperations.addHandler(endpoint)
                            }
                        }
                    )
                    try pipeline.configureHTTPServerPipeline(
                        withServerUpgrade: (
                            upgraders: [upgrader],
                            completionHandler: { context in
                                let pipeline = context.pipeline.syncOperations
                                guard let refusal = try? pipeline.context(handlerType: NotAWebSocket.self) else {
                                    return
                                }
                                pipeline.removeHandler(context: refusal, promise: nil)
                            }
                        )
                    )
                    try pipeline.addHandler(NotAWebSocket())
                }
            }
            .bind(host: settings.host, port: settings.ircPort)
            .get()
    }

    private static func tlsContext(_ settings: SimulatorSettings) throws -> NIOSSLContext? {
        guard let certificate = settings.tlsCertificate, let key = settings.tlsKey else { return nil }
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(certificate).map { NIOSSLCertificateSource.certificate($0) }
            let privateKey = try NIOSSLPrivateKey(file: key, format: .pem)
            return try NIOSSLContext(
                configuration: .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(privateKey))
            )
        } catch {
            throw StartFailure(
                "cannot use the certificate '\(certificate)' with the key '\(key)': both must be readable PEM and match"
            )
        }
    }
}

/// Answers plain HTTP on the IRC port.
private final class NotAWebSocket: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .end = self.unwrapInboundIn(data) else { return }
        let headers: HTTPHeaders = ["upgrade": "websocket", "connection": "close", "content-length": "0"]
        let head = HTTPResponseHead(version: .http1_1, status: .upgradeRequired, headers: headers)
        context.write(self.wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(self.wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { _ in
            context.close(promise: nil)
        }
    }
}
