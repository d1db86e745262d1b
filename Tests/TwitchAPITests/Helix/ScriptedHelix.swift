import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A small HTTP server on a real socket that answers as a test says.
final class ScriptedHelix: Sendable {
    /// A request as it came in.
    struct Request: Sendable {
        var path: String
        /// Parameters in order.
        var query: [(name: String, value: String)]
        var clientID: String?
        var authorization: String?

        func values(_ name: String) -> [String] { query.filter { $0.name == name }.map(\.value) }
    }

    /// What to answer.
    struct Answer: Sendable {
        var status = 200
        var body = #"{"data":[],"pagination":{}}"#
        var headers: [(String, String)] = []
        /// Close the connection instead of answering.
        var drops = false
        /// Never answer.
        var stalls = false
    }

    private let script: @Sendable (Request, Int) -> Answer
    private let seen = Mutex<[Request]>([])
    private let channel = Mutex<(any Channel)?>(nil)

    /// `script` gets each request and how many came before it.
    init(_ script: @escaping @Sendable (Request, Int) -> Answer) {
        self.script = script
    }

    var requests: [Request] { seen.withLock { $0 } }

    var url: String {
        channel.withLock { channel in "http://127.0.0.1:\(channel?.localAddress?.port ?? 0)/helix" }
    }

    /// Runs `body` with a listening server, and stops it afterwards.
    static func with<Result>(
        _ script: @escaping @Sendable (Request, Int) -> Answer,
        _ body: (ScriptedHelix) async throws -> Result
    ) async throws -> Result {
        let server = ScriptedHelix(script)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(RequestHandler(server))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        server.channel.withLock { $0 = channel }
        do {
            let result = try await body(server)
            try await channel.close()
            return result
        } catch {
            try? await channel.close()
            throw error
        }
    }

    fileprivate func answer(_ request: Request) -> Answer {
        let number = seen.withLock { seen in
            seen.append(request)
            return seen.count - 1
        }
        return script(request, number)
    }
}

private final class RequestHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let server: ScriptedHelix
    private var head: HTTPRequestHead?

    init(_ server: ScriptedHelix) { self.server = server }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head else { return }
            respond(to: head, context)
        }
    }

    private func respond(to head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let parts = head.uri.split(separator: "?", maxSplits: 1)
        let query = (parts.count > 1 ? parts[1] : "").split(separator: "&").map { pair in
            let halves = pair.split(separator: "=", maxSplits: 1)
            return (name: String(halves.first ?? ""), value: String(halves.count > 1 ? halves[1] : ""))
        }
        let answer = server.answer(
            .init(
                path: String(parts.first ?? ""),
                query: query,
                clientID: head.headers.first(name: "client-id"),
                authorization: head.headers.first(name: "authorization")
            )
        )
        guard !answer.stalls else { return }
        guard !answer.drops else { return context.close(promise: nil) }
        var headers = HTTPHeaders(answer.headers)
        headers.add(name: "content-length", value: "\(answer.body.utf8.count)")
        let status = HTTPResponseStatus(statusCode: answer.status)
        context.write(wrapOutboundOut(.head(.init(version: .http1_1, status: status, headers: headers))), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: answer.body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
