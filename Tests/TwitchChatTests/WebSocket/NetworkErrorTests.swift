import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import TwitchChat

@Suite struct NetworkErrorTests {
    private func explanation(_ url: String) async throws -> String {
        let client = try WebSocketClient(WebSocketEndpoint(url), trustRoots: nil, timeout: .seconds(20))
        let end = await #expect(throws: ConnectionEnd.self) { _ = try await client.connect() }
        return try #require(end).explanation
    }

    @Test func `a closed port is told in words`() async throws {
        // A port that was free a moment ago.
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        try await server.close()
        #expect(
            try await explanation("ws://127.0.0.1:\(port)") == "no connection: 127.0.0.1:\(port): connection refused"
        )
    }

    @Test func `a name that nobody knows is told in one line`() async throws {
        let told = try await explanation("wss://nowhere.invalid:443")
        #expect(told.hasPrefix("no connection: nowhere.invalid:443: the name cannot be resolved"))
        #expect(!told.contains("\n") && !told.contains("errno"))
    }

    @Test func `a reset is told without the name of the call`() throws {
        let endpoint = try WebSocketEndpoint("ws://127.0.0.1:1")
        #expect(
            ConnectionEnd(IOError(errnoCode: 104, reason: "read(descriptor:pointer:size:)"), to: endpoint)
                == .closed("connection reset")
        )
    }
}
