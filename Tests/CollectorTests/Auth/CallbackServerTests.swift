import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import TestSupport
import Testing

@testable import collector

@Suite struct CallbackServerTests {
    @Test func `it answers on both loopback addresses, knows one path, and is gone afterwards`() async throws {
        let port = try FreePort.any()
        let server = CallbackServer(port: port) { query in
            query["code"] == "a b" ? .loggedIn(as: "harborlog") : .foreign
        }
        try await server.serving {
            for host in ["127.0.0.1", "localhost"] {
                let good = try await Self.get("http://\(host):\(port)/callback?code=a+b")
                #expect(good.status == 200 && good.body.contains("harborlog"))
                #expect(good.headers["cache-control"] == ["no-store"])
                #expect(good.headers["referrer-policy"] == ["no-referrer"])
                #expect(try await Self.get("http://\(host):\(port)/callback").status == 400)
                #expect(try await Self.get("http://\(host):\(port)/").status == 404)
                #expect(try await Self.get("http://\(host):\(port)/favicon.ico").status == 404)
            }
        }
        await #expect(throws: (any Error).self, "nobody listens any more") {
            try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connect(host: "127.0.0.1", port: port).get()
        }
    }

    @Test func `a page that is being made is still sent when the login is over`() async throws {
        let port = try FreePort.any()
        let begun = Latch()
        let server = CallbackServer(port: port) { _ in
            begun.open()
            try? await Task.sleep(for: .milliseconds(200))
            return .loggedIn(as: "late")
        }
        async let page = Self.getWhenThere("http://127.0.0.1:\(port)/callback")
        try await server.serving { await begun.wait() }
        #expect(try await page.body.contains("late"))
    }

    @Test func `a port that is taken is one line and EX_UNAVAILABLE`() async throws {
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = listener.localAddress?.port ?? 0
        let failure = await #expect(throws: CommandFailure.self) {
            try await CallbackServer(port: port) { _ in .unknown }.serving { try await Task.sleep(for: .seconds(60)) }
        }
        #expect(failure?.code == 69)
        #expect(failure?.description.contains("port \(port) is in use") == true)
        #expect(failure?.description.contains("--port") == true)
        try await listener.close()
    }

    private struct Answer {
        var status: UInt
        var headers: HTTPHeadersByName
        var body: String
    }

    private typealias HTTPHeadersByName = [String: [String]]

    private static func get(_ url: String) async throws -> Answer {
        let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: .seconds(20))
        let body = try await response.body.collect(upTo: 1 << 20)
        let headers = Dictionary(
            response.headers.map { ($0.name.lowercased(), [$0.value]) },
            uniquingKeysWith: +
        )
        return Answer(status: response.status.code, headers: headers, body: String(buffer: body))
    }

    private static func getWhenThere(_ url: String) async throws -> Answer {
        var answer: Answer?
        try await eventually("the server is there") {
            answer = try? await get(url)
            return answer != nil
        }
        return try #require(answer)
    }
}
