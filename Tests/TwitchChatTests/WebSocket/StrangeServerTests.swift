import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import TwitchChat

/// What is told of servers that open no WebSocket.
@Suite(.timeLimit(.minutes(5))) struct StrangeServerTests {
    /// Runs `body` with the port of a server that says this when it hears something, or at once, and then closes.
    private func serving(
        _ answer: String?,
        atOnce: Bool = false,
        staysOpen: Bool = false,
        _ body: (Int) async throws -> Void
    ) async throws {
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        Answering(answer, atOnce: atOnce, staysOpen: staysOpen)
                    )
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            try await body(try #require(server.localAddress?.port))
        } catch {
            try await server.close()
            throw error
        }
        try await server.close()
    }

    private func end(_ scheme: String, _ port: Int, timeout: Duration = .seconds(20)) async throws -> ConnectionEnd {
        let client = try WebSocketClient(WebSocketEndpoint("\(scheme)://127.0.0.1:\(port)"), timeout: timeout)
        return try #require(await #expect(throws: ConnectionEnd.self) { _ = try await client.connect() })
    }

    @Test(arguments: [
        ("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", true, "it speaks SSH (SSH-2.0-OpenSSH_9.2p1 Debian-2)"),
        ("220 mail.example ESMTP\r\n", true, "it greets with \"220 mail.example ESMTP\""),
        ("\u{1}\u{2}\u{3}\n", true, "what it sends is no HTTP"),
        ("\u{1B}[31mred\r\n", true, "what it sends is no HTTP"),
        ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", false, "it answers 404 Not Found"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", false, "it answers 200 OK"),
        ("HTTP/1.1 503 Service Unavailable\r\n\r\n", false, "the server is out of order"),
        ("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", false, "wants a login"),
        (
            "HTTP/1.0 302 Found\r\nLocation: https://login.example/\r\n\r\n", false,
            "it redirects to https://login.example/"
        ),
        ("HTTP/1.1 429 Too Many Requests\r\n\r\n", false, "too many connections"),
        ("HTTP/1.1 100 Continue\r\n\r\n", false, "it answers 100 Continue"),
        ("HTTP/1.1 101 Switching Protocols\r\n\r\n", false, "without the right WebSocket handshake"),
        ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n", false, "without the right WebSocket handshake"),
        (
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: AAAA\r\n\r\n", false, "without the right WebSocket handshake"
        ),
        ("HTTP/9.9 nonsense\r\n\r\n", false, "its HTTP answer cannot be read"),
        ("HTTP/1.1 99999999999999999999 X\r\n\r\n", false, "its HTTP answer cannot be read"),
    ])
    func `a server that is none says what it is`(answer: String, atOnce: Bool, words: String) async throws {
        try await serving(answer, atOnce: atOnce) { port in
            let end = try await end("ws", port)
            #expect(end.label == "upgrade_refused" && end.explanation.contains(words), "\(end.explanation)")
            #expect(end.explanation.utf8.allSatisfy { (0x20...0x7E).contains($0) })
            #expect(!end.explanation.contains("invalid constant") && !end.explanation.contains("Error"))
        }
    }

    @Test func `a server that speaks in clear where TLS is wanted says what it is`() async throws {
        for atOnce in [true, false] {
            try await serving("SSH-2.0-OpenSSH_9.2p1\r\n", atOnce: atOnce) { port in
                let end = try await end("wss", port)
                #expect(end.label == "tls" && end.explanation.contains("it speaks SSH"), "\(end.explanation)")
            }
        }
        try await serving("HTTP/1.1 400 Bad Request\r\n\r\n") { port in
            let end = try await end("wss", port)
            #expect(end.label == "tls" && end.explanation.contains("400 Bad Request"), "\(end.explanation)")
        }
    }

    @Test func `a server that speaks TLS where none is wanted is told so`() async throws {
        try await serving("\u{15}\u{3}\u{1}\u{0}\u{2}\u{2}(") { port in
            let end = try await end("ws", port)
            #expect(end.explanation.contains("it speaks TLS; write wss://"), "\(end.explanation)")
        }
    }

    @Test(arguments: ["ws", "wss"]) func `a server that closes without a word`(scheme: String) async throws {
        try await serving(nil) { port in
            let end = try await end(scheme, port)
            #expect(end.label == (scheme == "ws" ? "upgrade_refused" : "tls"), "\(end)")
            #expect(end.explanation.contains("TWITCH_IRC_URL"))
        }
    }

    @Test(arguments: [nil, "HTTP/1.1 101 Switching"]) func `a server that never ends its answer`(answer: String?)
        async throws
    {
        try await serving(answer, staysOpen: true) { port in
            let end = try await end("ws", port, timeout: .milliseconds(300))
            #expect(["unreachable", "upgrade_refused"].contains(end.label), "\(end)")
        }
    }
}

/// Says one thing.
private final class Answering: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let answer: String?
    private let atOnce: Bool
    private let staysOpen: Bool

    init(_ answer: String?, atOnce: Bool, staysOpen: Bool) {
        self.answer = answer
        self.atOnce = atOnce
        self.staysOpen = staysOpen
    }

    func channelActive(context: ChannelHandlerContext) {
        if atOnce { say(context) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if !atOnce { say(context) }
    }

    private func say(_ context: ChannelHandlerContext) {
        let bytes = answer.map { $0.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } } ?? []
        let channel = context.channel
        let stays = staysOpen
        context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(bytes: bytes))).whenComplete { _ in
            if !stays { channel.close(mode: .output, promise: nil) }
        }
    }
}
