import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix
import ServiceRuntime
import Synchronization

@testable import TwitchAPI

/// A server that answers each request with the next line of a script, and keeps what it was asked.
final class ScriptedServer: Sendable {
    /// What happens to one request.
    enum Answer: Sendable {
        case respond(Int, String)
        /// Exactly this text, and the connection's end.
        case raw(String)
        /// The connection is closed instead.
        case close
        /// Nothing comes.
        case silence
        /// A head, and then a body that never ends.
        case trickle
    }

    private let received = Mutex<[String]>([])
    private let script: Mutex<[Answer]>
    private let channel = Mutex<(any Channel)?>(nil)

    private init(_ script: [Answer]) { self.script = Mutex(script) }

    /// Each request, head and body.
    var requests: [String] { self.received.withLock { $0 } }

    var address: String {
        "http://127.0.0.1:\(self.channel.withLock { $0?.localAddress?.port } ?? 0)/oauth2"
    }

    /// Runs `body` with a server and a client for it; the client has a short patience.
    static func with<Result>(
        _ script: [Answer],
        secret: String? = "hunter2secret",
        patience: Duration = .seconds(20),
        _ body: (OAuthClient, ScriptedServer) async throws -> Result
    ) async throws -> Result {
        let server = ScriptedServer(script)
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(server))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        server.channel.withLock { $0 = channel }
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .twitchAPI)
        var client = OAuthClient(
            http: http,
            baseURL: try APIBaseURL(server.address),
            clientID: "our-client",
            clientSecret: secret.map { .init($0) }
        )
        client.timeout = patience
        do {
            let result = try await body(client, server)
            try await http.shutdown()
            try await channel.close()
            return result
        } catch {
            try await http.shutdown()
            try await channel.close()
            throw error
        }
    }

    private func next() -> Answer {
        self.script.withLock { $0.isEmpty ? .close : $0.removeFirst() }
    }

    /// Reads until the announced length is there, and answers once.
    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let server: ScriptedServer
        private var text = ""

        init(_ server: ScriptedServer) { self.server = server }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            self.text += String(buffer: self.unwrapInboundIn(data))
            guard let end = self.text.range(of: "\r\n\r\n") else { return }
            let head = self.text[..<end.lowerBound].lowercased()
            let length = head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
                .flatMap { Int($0.dropFirst(15).drop { $0 == " " }) }
            guard self.text[end.upperBound...].utf8.count >= length ?? 0 else { return }
            self.server.received.withLock { $0.append(self.text) }
            switch self.server.next() {
            case .close: context.close(promise: nil)
            case .silence: break
            case .raw(let text):
                context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
                context.close(promise: nil)
            case .trickle:
                self.write("HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n{", context)
            case .respond(let status, let body):
                self.write(
                    "HTTP/1.1 \(status) X\r\ncontent-type: application/json\r\ncontent-length: "
                        + "\(body.utf8.count)\r\nconnection: close\r\n\r\n\(body)",
                    context
                )
            }
        }

        private func write(_ text: String, _ context: ChannelHandlerContext) {
            context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        }
    }
}
