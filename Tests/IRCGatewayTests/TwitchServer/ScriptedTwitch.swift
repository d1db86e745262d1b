import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import Synchronization

@testable import irc_gateway

/// A WebSocket server that behaves like Twitch's IRC as far as a test lets it.
final class ScriptedTwitch: Sendable {
    /// What it does; may be changed at any time.
    struct Behaviour: Sendable {
        var welcomes = true
        /// Answers JOIN with ROOMSTATE; otherwise in silence.
        var answersJoin: @Sendable (String) -> Bool = { _ in true }
        /// The `msg-id` to refuse a JOIN with.
        var refusal: @Sendable (String) -> String? = { _ in nil }
        /// Sent instead of the welcome.
        var loginNotice: String?
        /// Sent instead of the welcome to whoever sends this PASS, which has to be `oauth:<token>`.
        var passNotice: @Sendable (String) -> String? = { _ in nil }
        /// The connection is cut instead of the welcome when there was a PASS.
        var cutsAccounts = false
        /// The `msg-id` to refuse a JOIN with to everybody who is not anonymous.
        var accountRefusal: @Sendable (String) -> String? = { _ in nil }
        /// Sent when a close is asked for, one after the other this far apart, before the close is answered.
        var lastWords: [String] = []
        var lastWordsEvery = TimeAmount.zero
        /// Nothing is answered any more, not even PING.
        var isDead = false
    }

    struct State {
        var behaviour = Behaviour()
        var connections: [Visitor] = []
        var hosts: [String] = []
    }

    let state: Mutex<State>
    let port: Int
    private let listener: any Channel

    private init(listener: any Channel, state: consuming Mutex<State>, port: Int) {
        self.listener = listener
        self.state = state
        self.port = port
    }

    var url: String { "ws://127.0.0.1:\(port)" }
    /// All connections so far, in order; closed ones included.
    var visitors: [Visitor] { state.withLock { $0.connections } }
    var open: [Visitor] { visitors.filter(\.isOpen) }

    func change(_ body: (inout Behaviour) -> Void) {
        state.withLock { body(&$0.behaviour) }
    }

    var behaviour: Behaviour { state.withLock { $0.behaviour } }

    /// Runs `body` with a server on a free port.
    static func running<Result>(
        tls: NIOSSLContext? = nil,
        _ body: (ScriptedTwitch) async throws -> Result
    ) async throws -> Result {
        let box = Box()
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    let upgrader = NIOWebSocketServerUpgrader(
                        shouldUpgrade: { channel, head in
                            box.server?.state.withLock { $0.hosts += head.headers["host"] }
                            return channel.eventLoop.makeSucceededFuture([:])
                        },
                        upgradePipelineHandler: { channel, _ in
                            channel.eventLoop.makeCompletedFuture {
                                guard let server = box.server else { return }
                                let visitor = Visitor(channel: channel)
                                server.state.withLock { $0.connections.append(visitor) }
                                try channel.pipeline.syncOperations.addHandler(Reception(server, visitor))
                            }
                        }
                    )
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                        withServerUpgrade: (upgraders: [upgrader], completionHandler: { _ in })
                    )
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = ScriptedTwitch(
            listener: listener,
            state: Mutex(State()),
            port: listener.localAddress?.port ?? 0
        )
        box.set(server)
        do {
            let result = try await body(server)
            await server.stop()
            return result
        } catch {
            await server.stop()
            throw error
        }
    }

    private func stop() async {
        try? await listener.close()
        for visitor in visitors { try? await visitor.channel.close() }
    }

    /// The listener needs the server and the server the listener.
    private final class Box: Sendable {
        private let held = Mutex<ScriptedTwitch?>(nil)
        var server: ScriptedTwitch? { held.withLock { $0 } }
        func set(_ server: ScriptedTwitch) { held.withLock { $0 = server } }
    }
}
