import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceRuntime
import Synchronization
import TestSupport
import Testing

@testable import collector

@Suite struct CallbackServerTests {
    @Test func `it answers on both loopback addresses, knows one path, and is gone afterwards`() async throws {
        let port = try FreePort.any()
        let server = CallbackServer(port: port) { request, _ in
            request == .callback(["code": "a b"]) ? .page(.loggedIn(as: "harborlog")) : .page(.foreign)
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

    @Test func `the page that begins a login sets a cookie that comes back, and sends the browser on`() async throws {
        let port = try FreePort.any()
        let seen = Mutex<[String]>([])
        let server = CallbackServer(port: port) { request, cookie in
            guard case .begin(let key, let isOwnUser) = request else {
                seen.withLock { $0.append(cookie ?? "none") }
                return .page(.foreign)
            }
            seen.withLock { $0.append("\(key) \(isOwnUser) \(cookie ?? "none")") }
            return .redirect(to: "https://example.com/authorize?state=1", cookie: Secret("abc"))
        }
        try await server.serving {
            let first = try await Self.get("http://localhost:\(port)/login/key")
            #expect(first.status == 303)
            #expect(first.headers["location"] == ["https://example.com/authorize?state=1"])
            #expect(first.headers["set-cookie"] == ["collector_login=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=600"])
            #expect(first.headers["cache-control"] == ["no-store"])
            _ = try await Self.get("http://localhost:\(port)/login/key", ["cookie": "a=b; collector_login=abc"])
            _ = try await Self.get("http://localhost:\(port)/callback?code=x", ["cookie": "collector_login=abc; c=d"])
            // Neither a browser that looks ahead nor another name of this machine uses the visit up.
            #expect(
                try await Self.get("http://localhost:\(port)/login/key", ["sec-purpose": "prefetch;prerender"]).status
                    == 404
            )
            let other = try await Self.get("http://127.0.0.1:\(port)/login/key")
            #expect(other.status == 400 && other.body.contains("http://localhost:\(port)/"))
            #expect(try await Self.get("http://localhost:\(port)/login").status == 404)
        }
        // The test's own process is of our user.
        #expect(seen.withLock { $0 } == ["key true none", "key true abc", "abc"])
    }

    @Test func `a page that is being made is still sent when the login is over`() async throws {
        let port = try FreePort.any()
        let begun = Latch()
        let server = CallbackServer(port: port) { _, _ in
            begun.open()
            try? await Task.sleep(for: .milliseconds(200))
            return .page(.loggedIn(as: "late"))
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
            try await CallbackServer(port: port) { _, _ in .page(.unknown) }.serving {
                try await Task.sleep(for: .seconds(60))
            }
        }
        #expect(failure?.code == 69)
        #expect(failure?.description.contains("port \(port) is in use") == true)
        #expect(failure?.description.contains("--port") == true)
        try await listener.close()
    }

    /// Goes nowhere by itself.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    private struct Answer {
        var status: UInt
        var headers: HTTPHeadersByName
        var body: String
    }

    private typealias HTTPHeadersByName = [String: [String]]

    private static func get(_ url: String, _ headers: [String: String] = [:]) async throws -> Answer {
        var request = HTTPClientRequest(url: url)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        let response = try await client.execute(request, timeout: .seconds(20))
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
