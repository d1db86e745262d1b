import Foundation
package import NIOCore
import NIOHTTP1
import NIOPosix
package import NIOSSL
package import NIOWebSocket
import Synchronization

/// A small IRC-over-WebSocket client for tests, with hands for doing things wrong.
///
/// It keeps everything it receives, and a test waits for what it expects with a deadline.
package final class IRCWebSocketClient: Sendable {
    /// What has arrived so far.
    package struct Received: Sendable {
        /// Lines without CR LF, of all text messages in order; not valid UTF-8 is repaired.
        package var lines: [String] = []
        /// Whole messages, fragments put together.
        package var messages: [[UInt8]] = []
        /// WebSocket frames by opcode.
        package var frames: [WebSocketOpcode: Int] = [:]
        /// The code of the server's close frame.
        package var closeCode: WebSocketErrorCode?
        /// The TCP connection ended.
        package var isClosed = false
    }

    /// The wait for a condition ended without it.
    package struct TimedOut: Error, CustomStringConvertible {
        package let description: String
    }

    private let channel: any Channel
    private let inbox: Inbox

    private init(channel: any Channel, inbox: Inbox) {
        self.channel = channel
        self.inbox = inbox
    }

    /// Connects, runs the body, and closes the connection however the body ends.
    ///
    /// - Parameters:
    ///   - url: `ws://host:port` or `wss://host:port`.
    ///   - trusting: PEM certificates that are trusted for `wss`.
    ///   - answersPings: answer the server's `PING` and WebSocket pings.
    ///   - body: what is done with the connection.
    /// - Returns: what the body returns.
    /// - Throws: what the body throws, or why there is no connection.
    package static func connect<Result>(
        _ url: String,
        trusting: [NIOSSLCertificate] = [],
        answersPings: Bool = true,
        _ body: (IRCWebSocketClient) async throws -> Result
    ) async throws -> Result {
        let client = try await Self.open(url, trusting: trusting, answersPings: answersPings)
        do {
            let result = try await body(client)
            await client.close()
            return result
        } catch {
            await client.close()
            throw error
        }
    }

    /// The same as ``connect(_:trusting:answersPings:_:)`` for tests that keep several; the caller closes it.
    package static func open(
        _ url: String,
        trusting: [NIOSSLCertificate] = [],
        answersPings: Bool = true
    ) async throws -> IRCWebSocketClient {
        guard let parts = URLComponents(string: url), let host = parts.host, let port = parts.port else {
            throw TimedOut(description: "'\(url)' is no address")
        }
        var tls: NIOSSLContext?
        if parts.scheme == "wss" {
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.trustRoots = .certificates(trusting)
            tls = try NIOSSLContext(configuration: configuration)
        }
        let context = tls
        let inbox = Inbox(answersPings: answersPings)
        let upgraded: EventLoopFuture<any Channel> = try await ClientBootstrap(
            group: .singletonMultiThreadedEventLoopGroup
        )
        .connect(host: host, port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                if let context {
                    let name = host.first?.isNumber == true ? nil : host
                    let handler = try NIOSSLClientHandler(context: context, serverHostname: name)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
                return try Self.upgrade(channel, host: "\(host):\(port)", inbox: inbox)
            }
        }
        return IRCWebSocketClient(channel: try await upgraded.get(), inbox: inbox)
    }

    private static func upgrade(_ channel: any Channel, host: String, inbox: Inbox) throws
        -> EventLoopFuture<any Channel>
    {
        let upgrader = NIOTypedWebSocketClientUpgrader<any Channel>(maxFrameSize: 1 << 24) { channel, _ in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(FrameReceiver(inbox: inbox))
                return channel
            }
        }
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/", headers: ["host": host])
        let configuration = NIOTypedHTTPClientUpgradeConfiguration(
            upgradeRequestHead: head,
            upgraders: [upgrader]
        ) { channel in
            channel.eventLoop.makeFailedFuture(TimedOut(description: "the server did not upgrade to WebSocket"))
        }
        return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
            configuration: .init(upgradeConfiguration: configuration)
        )
    }

    /// Sends lines, each as one masked text message with CR LF.
    package func send(_ lines: String...) async throws {
        for line in lines { try await self.send(frame: Self.text("\(line)\r\n")) }
    }

    /// Asks for tags and commands, logs in without an account and joins.
    package func logInAnonymously(_ nick: String = "justinfan48213", join channels: String...) async throws {
        try await self.send("CAP REQ :twitch.tv/tags twitch.tv/commands", "NICK \(nick)")
        for channel in channels { try await self.send("JOIN #\(channel)") }
        for channel in channels {
            try await self.wait("ROOMSTATE of #\(channel)") { received in
                received.lines.contains { $0.hasSuffix(" ROOMSTATE #\(channel)") }
            }
        }
    }

    /// Sends a frame as it is. The usual frame is ``text(_:fin:masked:)``.
    package func send(frame: WebSocketFrame) async throws { try await self.channel.writeAndFlush(frame) }

    /// A text frame, masked as the protocol demands of clients.
    package static func text(
        _ text: String,
        opcode: WebSocketOpcode = .text,
        fin: Bool = true,
        masked: Bool = true
    ) -> WebSocketFrame {
        WebSocketFrame(fin: fin, opcode: opcode, maskKey: masked ? .random() : nil, data: ByteBuffer(string: text))
    }

    /// What has arrived so far.
    package var received: Received { self.inbox.received }

    /// Reads nothing more until told again: a slow reader.
    package func setReading(_ reads: Bool) async throws {
        try await self.channel.setOption(.autoRead, value: reads).get()
    }

    /// Waits until what has arrived satisfies a condition.
    ///
    /// - Throws: ``TimedOut`` with the latest lines.
    @discardableResult
    package func wait(
        _ what: String,
        within limit: TimeAmount = .seconds(20),
        until condition: @escaping @Sendable (Received) -> Bool
    ) async throws -> Received {
        let promise = self.channel.eventLoop.makePromise(of: Received.self)
        self.inbox.wait(condition, promise)
        let inbox = self.inbox
        let deadline = self.channel.eventLoop.scheduleTask(in: limit) {
            let tail = inbox.received.lines.suffix(5).joined(separator: "\n")
            promise.fail(TimedOut(description: "waited in vain for \(what); the latest lines:\n\(tail)"))
        }
        defer { deadline.cancel() }
        return try await promise.futureResult.get()
    }

    /// Asks the server for a PONG and waits for it: everything sent before has then been dealt with.
    package func barrier(_ text: String = UUID().uuidString) async throws {
        try await self.send("PING :\(text)")
        try await self.wait("PONG \(text)") { $0.lines.contains(":tmi.twitch.tv PONG tmi.twitch.tv :\(text)") }
    }

    /// Closes the connection without ceremony.
    package func close() async { try? await self.channel.close() }
}

/// What arrived, and who waits for what.
private final class Inbox: Sendable {
    private struct State {
        var received = IRCWebSocketClient.Received()
        var waiting:
            [(@Sendable (IRCWebSocketClient.Received) -> Bool, EventLoopPromise<IRCWebSocketClient.Received>)] = []
    }

    let answersPings: Bool
    private let state = Mutex(State())

    init(answersPings: Bool) { self.answersPings = answersPings }

    var received: IRCWebSocketClient.Received { self.state.withLock { $0.received } }

    func wait(
        _ condition: @escaping @Sendable (IRCWebSocketClient.Received) -> Bool,
        _ promise: EventLoopPromise<IRCWebSocketClient.Received>
    ) {
        self.change { $0.waiting.append((condition, promise)) }
    }

    func update(_ change: (inout IRCWebSocketClient.Received) -> Void) { self.change { change(&$0.received) } }

    private func change(_ change: (inout State) -> Void) {
        let (received, done) = self.state.withLock { state in
            change(&state)
            let received = state.received
            let done = state.waiting.filter { $0.0(received) }.map(\.1)
            if !done.isEmpty { state.waiting.removeAll { $0.0(received) } }
            return (received, done)
        }
        for promise in done { promise.succeed(received) }
    }
}

/// Puts frames together and hands messages to the inbox.
private final class FrameReceiver: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let inbox: Inbox
    private var message = ByteBuffer()

    init(inbox: Inbox) { self.inbox = inbox }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = self.unwrapInboundIn(data)
        switch frame.opcode {
        case .text, .binary, .continuation:
            var payload = frame.unmaskedData
            self.message.writeBuffer(&payload)
            let whole = frame.fin ? Array(self.message.readableBytesView) : nil
            if whole != nil { self.message.clear() }
            let lines = whole.map(Self.lines) ?? []
            self.inbox.update {
                $0.frames[frame.opcode, default: 0] += 1
                if let whole { $0.messages.append(whole) }
                $0.lines += lines
            }
            if self.inbox.answersPings, lines.contains("PING :tmi.twitch.tv") {
                let pong = IRCWebSocketClient.text("PONG :tmi.twitch.tv\r\n")
                context.writeAndFlush(self.wrapOutboundOut(pong), promise: nil)
            }
        case .ping:
            self.inbox.update { $0.frames[.ping, default: 0] += 1 }
            guard self.inbox.answersPings else { return }
            let pong = WebSocketFrame(fin: true, opcode: .pong, maskKey: .random(), data: frame.unmaskedData)
            context.writeAndFlush(self.wrapOutboundOut(pong), promise: nil)
        case .connectionClose:
            var payload = frame.unmaskedData
            let code = payload.readWebSocketErrorCode()
            self.inbox.update { $0.closeCode = code }
        default:
            self.inbox.update { $0.frames[frame.opcode, default: 0] += 1 }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.inbox.update { $0.isClosed = true }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private static func lines(_ message: [UInt8]) -> [String] {
        message.split(separator: 10).map { line in
            String(decoding: line.last == 13 ? line.dropLast() : line, as: UTF8.self)
        }.filter { !$0.isEmpty }
    }
}
