import Dispatch
import Foundation
import Glibc
import NIOCore
import Testing

@testable import ServiceRuntime

/// What the HTTP port answers to HEAD, where it can be bound, and what strangers cannot make of it.
@Suite(.serialized) struct HTTPEdgesTests {
    /// Runs a health server; its port.
    private func serving(
        host: String = "127.0.0.1",
        limits: HTTPLimits = HTTPLimits(),
        _ body: (Int) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let (bound, continuation) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(1))
            let server = HealthServer(
                service: "writer",
                address: try HTTPSettings(Settings(values: ["HTTP_PORT": "0", "HTTP_HOST": host]), service: "writer"),
                health: Health(),
                metrics: PrometheusFactory(),
                stateDirectory: directory,
                logger: CapturedLines().logger(),
                limits: limits,
                onBound: { continuation.yield($0) }
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    defer { continuation.finish() }
                    try await server.run()
                }
                var ports = bound.makeAsyncIterator()
                if let port = await ports.next() { try await body(port) }
                group.cancelAll()
                do { try await group.waitForAll() } catch is CancellationError {}
            }
        }
    }

    /// A connection of its own, blocking, on a thread of its own.
    private struct Client {
        let descriptor: Int32

        init(port: Int, host: String = "127.0.0.1") throws {
            let address = try SocketAddress(ipAddress: host, port: port)
            descriptor = socket(address.protocol == .inet6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            let status = unsafe address.withSockAddr { unsafe connect(descriptor, $0, socklen_t($1)) }
            try #require(descriptor >= 0 && status == 0)
        }

        func send(_ text: String) { _ = unsafe Glibc.send(descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL)) }

        /// Everything until the server closes.
        func received() async -> String {
            await DispatchQueue.global().result { [descriptor] in
                var text: [UInt8] = []
                var chunk = [UInt8](repeating: 0, count: 65_536)
                while true {
                    let count = unsafe recv(descriptor, &chunk, chunk.count, 0)
                    guard count > 0 else { return String(decoding: text, as: UTF8.self) }
                    text += chunk[..<count]
                }
            }
        }

        func close() { _ = Glibc.close(descriptor) }
    }

    private func answer(_ request: String, port: Int, host: String = "127.0.0.1") async throws -> String {
        let client = try Client(port: port, host: host)
        defer { client.close() }
        client.send(request + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        return await client.received()
    }

    @Test func `HEAD is wherever GET is, with the same head and no body`() async throws {
        try await serving { port in
            for path in ["/health/live", "/health/ready", "/metrics"] {
                let head = try await answer("HEAD \(path)", port: port)
                #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n") && head.hasSuffix("\r\n\r\n"), "\(head)")
                #expect(head.lowercased().contains("content-length:") && !head.contains("{"), "\(head)")
            }
            let missing = try await answer("HEAD /nothing", port: port)
            #expect(missing.hasPrefix("HTTP/1.1 404"))
        }
    }

    @Test(arguments: ["::1", "[::1]", "localhost", "0.0.0.0", "::"])
    func `IPv6 works with and without brackets, and names do`(host: String) async throws {
        try await serving(host: host) { port in
            let client = host.contains("::") ? "::1" : "127.0.0.1"
            let answer = try await answer("GET /health/live", port: port, host: client)
            #expect(answer.hasPrefix("HTTP/1.1 200 OK"))
        }
    }

    @Test(arguments: ["nowhere.invalid", "[::1", "127.0.0.1:9101", "192.0.2.1", "2001:db8::1"])
    func `a host that cannot be bound is a wrong setting, at the start and in a check`(host: String) async throws {
        let started = await #expect(throws: ServiceFailure.self) { try await serving(host: host) { _ in } }
        let settings = try HTTPSettings(Settings(values: ["HTTP_HOST": host, "HTTP_PORT": "0"]), service: "writer")
        let checked = #expect(throws: ServiceFailure.self) {
            try settings.check(service: "writer", stateDirectory: "/x")
        }
        #expect(started?.exitStatus == .configuration && started == checked, "\(String(describing: started))")
        #expect(started?.message.contains("HTTP_HOST") == true)
    }

    @Test func `a check finds a port that is taken, but not by the service itself`() async throws {
        try await serving { port in
            try await withTemporaryDirectory { directory in
                let settings = try HTTPSettings(Settings(values: ["HTTP_PORT": "\(port)"]), service: "writer")
                let error = #expect(throws: ServiceFailure.self) {
                    try settings.check(service: "writer", stateDirectory: directory)
                }
                #expect(error?.exitStatus == .unavailable && error?.message.contains("HTTP_PORT=\(port)") == true)
                _ = try RunFile.write(service: "writer", http: "127.0.0.1:\(port)", in: directory)
                try settings.check(service: "writer", stateDirectory: directory)
                #expect(throws: ServiceFailure.self) {
                    try settings.check(service: "irc-gateway", stateDirectory: directory)
                }
            }
        }
    }

    /// How many connections the server on `port` has accepted and not closed. What waits in the kernel has no inode, and the
    /// listening socket is in state 0A.
    private func accepted(on port: Int) throws -> Int {
        let digits = String(port, radix: 16, uppercase: true)
        let suffix = ":" + String(repeating: "0", count: 4 - digits.count) + digits
        return try String(contentsOfFile: "/proc/net/tcp", encoding: .utf8).split(separator: "\n").count { line in
            let fields = line.split(separator: " ")
            return fields.count > 9 && fields[1].hasSuffix(suffix) && fields[3] != "0A" && fields[9] != "0"
        }
    }

    @Test func `1,200 connections cost 64 descriptors, and whoever asks is answered`() async throws {
        try await serving { port in
            var clients: [Client] = []
            defer { for client in clients { client.close() } }
            for index in 0..<1200 {
                // What does not fit waits in the kernel, and a client that is pushed out is closed by the server.
                let client = try Client(port: port)
                clients.append(client)
                if index.isMultiple(of: 3) { client.send("GET /metr") }
                guard index.isMultiple(of: 100) else { continue }
                #expect(try accepted(on: port) <= HTTPLimits().connections)
                let answer = try await answer("GET /health/live", port: port)
                #expect(answer.hasPrefix("HTTP/1.1 200 OK"), "after \(index)")
            }
            for _ in 0..<5 {
                let answer = try await answer("GET /health/ready", port: port)
                #expect(answer.hasPrefix("HTTP/1.1 200 OK"))
            }
        }
    }

    @Test(arguments: [
        // Nothing at all, a head that never ends, a body that never comes, a second request that never comes.
        "", "GET /health/live HTTP/1.1\r\nX-A: b\r\n", "POST /health/live HTTP/1.1\r\nContent-Length: 5\r\n\r\n",
        "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n",
    ])
    func `whoever takes too long is closed`(request: String) async throws {
        let limits = HTTPLimits(head: .milliseconds(150), idle: .milliseconds(150), request: .milliseconds(150))
        try await serving(limits: limits) { port in
            let client = try Client(port: port)
            defer { client.close() }
            client.send(request)
            // Ends, because the server closes.
            let received = await client.received()
            let isWhole = request.hasPrefix("GET") && request.hasSuffix("\r\n\r\n")
            #expect(received.hasPrefix("HTTP/1.1 200") == isWhole)
        }
    }

    @Test(arguments: ["GET /", "GET / HTTP/1.1\r\nX-A: ", "POST / HTTP/1.1\r\nContent-Length: 999999999\r\n\r\n"])
    func `a request without an end is closed at its size, not when memory is gone`(start: String) async throws {
        try await serving { port in
            let client = try Client(port: port)
            defer { client.close() }
            client.send(start)
            let more = String(repeating: "a", count: 8192)
            for _ in 0..<40 { client.send(more) }
            let answer = await client.received()
            #expect(!answer.hasPrefix("HTTP/1.1 200"))
            let next = try await self.answer("GET /health/live", port: port)
            #expect(next.hasPrefix("HTTP/1.1 200 OK"))
        }
    }

    @Test func `a client that drips a byte of its head now and then is closed all the same`() async throws {
        try await serving(limits: HTTPLimits(head: .milliseconds(300))) { port in
            let client = try Client(port: port)
            defer { client.close() }
            client.send("GET / HTTP/1.1\r\n")
            let clock = ContinuousClock()
            let begin = clock.now
            async let received = client.received()
            let drip = Task {
                while !Task.isCancelled {
                    client.send("a")
                    try? await Task.sleep(for: .milliseconds(20))
                }
            }
            _ = await received
            drip.cancel()
            #expect(clock.now - begin < .seconds(20))
        }
    }
}
