import AsyncHTTPClient
import NIOCore
import NIOPosix
import Protocol
import Synchronization
import Testing
import TwitchAPI

@testable import irc_gateway

@Suite struct HTTPHistoryTests {
    /// Answers every connection with the same bytes and keeps what was asked.
    private final class Canned: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let answer: String
        private let asked: Asked

        init(_ answer: String, _ asked: Asked) {
            self.answer = answer
            self.asked = asked
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let text = String(buffer: unwrapInboundIn(data))
            asked.text.withLock { $0 += text }
            guard text.contains("\r\n\r\n") else { return }
            let channel = context.channel
            channel.writeAndFlush(ByteBuffer(string: answer)).whenComplete { _ in channel.close(promise: nil) }
        }
    }

    private final class Asked: Sendable {
        let text = Mutex("")
        var line: String { text.withLock { String($0.prefix { $0 != "\r\n" }) } }
    }

    private static func ask(
        _ status: String,
        _ body: String,
        headers: String = "",
        _ request: HistoryRequest = HistoryRequest(limit: 500)
    ) async throws -> (Result<HistoryAnswer, HistoryFailure>, String) {
        let asked = Asked()
        let answer =
            "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\(headers)\r\n\(body)"
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Canned(answer, asked))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .twitchAPI)
        let history = HTTPHistory(
            base: try APIBaseURL("http://127.0.0.1:\(server.localAddress?.port ?? 0)/api"),
            client: client,
            patience: .seconds(20)
        )
        let result: Result<HistoryAnswer, HistoryFailure>
        do throws(HistoryFailure) {
            result = .success(try await history.lines(of: "alpha", request))
        } catch {
            result = .failure(error)
        }
        try await client.shutdown()
        try await server.close()
        return (result, asked.line)
    }

    @Test func `the times and the limit are asked for, and lines come back as they are`() async throws {
        let request = HistoryRequest(
            after: Timestamp(rawValue: 1),
            before: Timestamp(rawValue: 1_790_000_000_123),
            limit: 7
        )
        let (answer, line) = try await Self.ask(
            "200 OK",
            #"{"messages":["@a :b c","👋"],"error":null,"error_code":null,"more":1}"#,
            request
        )
        #expect(try answer.get() == HistoryAnswer(messages: ["@a :b c", "👋"]))
        #expect(line == "GET /api/alpha?limit=7&after=1&before=1790000000123 HTTP/1.1")
    }

    @Test func `a service that does not listen yet answers with a code`() async throws {
        let (answer, _) = try await Self.ask(
            "200 OK",
            #"{"messages":[],"error":"not joined","error_code":"channel_not_joined"}"#
        )
        #expect(try answer.get() == HistoryAnswer(errorCode: "channel_not_joined"))
    }

    @Test(arguments: [
        ("503 Service Unavailable", "<html>", "", HistoryFailure.unavailable("503", retryAfter: nil)),
        ("429 Too Many Requests", "{}", "Retry-After: 30\r\n", .unavailable("429", retryAfter: .seconds(30))),
        ("403 Forbidden", #"{"error_code":"channel_ignored"}"#, "", .refused("channel_ignored")),
        ("400 Bad Request", #"{"error_code":"a b\u001b[31m"}"#, "", .refused("ab[31m")),
        ("404 Not Found", "", "", .refused("404")), ("302 Found", "", "Location: http://x/\r\n", .refused("302")),
        ("200 OK", "<html>", "", .refused("the answer cannot be read")),
    ])
    func `a failure says whether it is worth asking again`(
        status: String,
        body: String,
        headers: String,
        expected: HistoryFailure
    ) async throws {
        let (answer, _) = try await Self.ask(status, body, headers: headers)
        #expect(answer == .failure(expected))
    }

    @Test func `a server that is not there may come back`() async throws {
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .twitchAPI)
        let history = HTTPHistory(base: try APIBaseURL("http://127.0.0.1:1"), client: client, patience: .seconds(5))
        await #expect(throws: HistoryFailure.self) {
            try await history.lines(of: "alpha", HistoryRequest(limit: 1))
        }
        try await client.shutdown()
    }
}
