package import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket

/// Opens WebSocket connections: TCP, TLS with full certificate checks, the HTTP upgrade.
package struct WebSocketClient: Sendable {
    /// Messages of one read in, the text of one frame out.
    package typealias Socket = NIOAsyncChannel<[ByteBuffer], ByteBuffer>

    /// The largest message that is taken. Twitch packs many lines into one.
    static let maximumMessageBytes = 2 << 20

    private let endpoint: WebSocketEndpoint
    private let tls: NIOSSLContext?
    private let timeout: TimeAmount
    private let closeTimeout: TimeAmount
    private let omitted: @Sendable (WebSocketOmission) -> Void

    /// - Parameters:
    ///   - endpoint: where to.
    ///   - trustRoots: a PEM file to trust instead of the system's authorities.
    ///   - timeout: until the WebSocket is open.
    ///   - closeTimeout: for the closing handshake.
    ///   - omitted: told of what is left out of a connection that goes on; called on its event loop.
    /// - Throws: when the trust roots cannot be read.
    package init(
        _ endpoint: WebSocketEndpoint,
        trustRoots: String? = nil,
        timeout: Duration = .seconds(20),
        closeTimeout: Duration = .seconds(1),
        omitted: @escaping @Sendable (WebSocketOmission) -> Void = { _ in }
    ) throws {
        self.endpoint = endpoint
        self.timeout = TimeAmount(timeout)
        self.closeTimeout = TimeAmount(closeTimeout)
        self.omitted = omitted
        guard endpoint.isSecure else {
            tls = nil
            return
        }
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .fullVerification
        configuration.minimumTLSVersion = .tlsv12
        if let trustRoots { configuration.trustRoots = .file(trustRoots) }
        tls = try NIOSSLContext(configuration: configuration)
    }

    /// Connects once.
    package func connect() async throws(ConnectionEnd) -> Socket {
        let witness = HandshakeWitness()
        do {
            let upgrade = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connectTimeout(timeout)
                .connect(host: endpoint.host, port: endpoint.port) { channel in
                    channel.eventLoop.makeCompletedFuture { try self.configure(channel, witness) }
                }
            return try await upgrade.get()
        } catch {
            throw ConnectionEnd(failedHandshake: witness.error ?? error, witness, to: endpoint)
        }
    }

    private func configure(_ channel: any Channel, _ witness: HandshakeWitness) throws -> EventLoopFuture<Socket> {
        let pipeline = channel.pipeline.syncOperations
        let listeners = [witness.below, witness.above]
        try pipeline.addHandler(listeners[0])
        if let tls {
            // An address has no name for SNI; the certificate is then checked against the address itself.
            let name = endpoint.hostIsAddress ? nil : endpoint.host
            try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: name))
        }
        try pipeline.addHandler(listeners[1])

        var headers = HTTPHeaders()
        headers.add(name: "Host", value: endpoint.hostHeader)
        let upgrade = try pipeline.configureUpgradableHTTPClientPipeline(
            configuration: .init(
                upgradeConfiguration: NIOTypedHTTPClientUpgradeConfiguration(
                    upgradeRequestHead: HTTPRequestHead(
                        version: .http1_1,
                        method: .GET,
                        uri: endpoint.path,
                        headers: headers
                    ),
                    upgraders: [WebSocketUpgrader(adopt: adopt)],
                    notUpgradingCompletionHandler: { channel in
                        channel.close(promise: nil)
                        return channel.eventLoop.makeFailedFuture(ConnectionEnd.upgradeRefused("no upgrade"))
                    }
                )
            )
        )
        let deadline = channel.eventLoop.scheduleTask(in: timeout) {
            witness.keep(ConnectionEnd.unreachable("no WebSocket within the time limit"))
            channel.close(promise: nil)
        }
        upgrade.assumeIsolated().whenComplete { _ in
            deadline.cancel()
            // What is said from here on is none of the witness's business.
            for listener in listeners { channel.pipeline.syncOperations.removeHandler(listener, promise: nil) }
        }
        return upgrade
    }

    @Sendable private func adopt(_ channel: any Channel) throws -> Socket {
        try channel.pipeline.syncOperations.addHandler(
            WebSocketMessages(limit: Self.maximumMessageBytes, closeTimeout: closeTimeout, omitted: omitted)
        )
        // Nothing is read while this many reads wait for us: the back-pressure ends at Twitch.
        return try Socket(
            wrappingChannelSynchronously: channel,
            configuration: .init(backPressureStrategy: .init(lowWatermark: 2, highWatermark: 8))
        )
    }
}
