import Foundation
import Testing
import ZeroMQ

/// Real sockets of libzmq.
@Suite(.timeLimit(.minutes(10)))
struct SocketTests {
    /// Polls until something is readable; a test that waits for more than ten seconds has failed.
    private func waitUntilReadable(_ socket: borrowing Socket) throws {
        var poller = Poller()
        let place = poller.add(socket)
        _ = try poller.wait(.seconds(10))
        try #require(poller.isReadable(place))
    }

    @Test func `a subscriber gets what begins with its prefix, and nothing else`() throws {
        let context = try Context()
        let publisher = try Socket(.xpub, in: context)
        let endpoint = try publisher.bind("tcp://127.0.0.1:*")
        #expect(!endpoint.contains("*") && !endpoint.contains("\0"))
        let subscriber = try Socket(.sub, in: context)
        try subscriber.subscribe("chat.")
        try subscriber.connect(endpoint)
        try waitUntilReadable(publisher)
        #expect(try publisher.receive() == [1] + Array("chat.".utf8))
        try publisher.send(Array("stream.x".utf8))
        try publisher.send(Array("chat.x".utf8))
        try waitUntilReadable(subscriber)
        #expect(try subscriber.receive() == Array("chat.x".utf8))
        #expect(try subscriber.receive() == nil)
    }

    @Test func `a request goes to a router and its reply comes back`() throws {
        let context = try Context()
        let router = try Socket(.router, in: context)
        let endpoint = try router.bind("tcp://127.0.0.1:*")
        let dealer = try Socket(.dealer, in: context)
        try dealer.connect(endpoint)
        try dealer.send([1, 2, 3])
        try waitUntilReadable(router)
        var asker: [UInt8] = []
        var request: [UInt8] = []
        guard case .more = try router.receive(into: &asker), case .last = try router.receive(into: &request) else {
            Issue.record("not an identity and a request")
            return
        }
        #expect(request == [1, 2, 3])
        try router.send(asker, more: true)
        try router.send([4])
        try waitUntilReadable(dealer)
        #expect(try dealer.receive(wait: true) == [4])
    }

    @Test func `sending says so when the queue is full instead of blocking`() throws {
        let context = try Context()
        let dealer = try Socket(.dealer, in: context, options: SocketOptions(sendHighWaterMark: 2))
        try dealer.connect("tcp://127.0.0.1:9")
        var sent = 0
        while try dealer.send([0]), sent < 100 { sent += 1 }
        #expect(sent < 100)
    }

    @Test func `large and empty frames arrive as they are`() throws {
        let context = try Context()
        let router = try Socket(.router, in: context)
        let endpoint = try router.bind("tcp://127.0.0.1:*")
        let dealer = try Socket(.dealer, in: context)
        try dealer.connect(endpoint)
        for frame in [[], Array(repeating: 7, count: 3_000_000), [0]] as [[UInt8]] {
            try dealer.send(frame)
            try waitUntilReadable(router)
            var received: [UInt8] = []
            _ = try router.receive(into: &received)
            _ = try router.receive(into: &received, wait: true)
            #expect(received == frame)
        }
    }

    @Test func `an ipc socket binds over the file that a killed process left`() throws {
        let path = "/tmp/zmq-\(UInt64.random(in: 0...UInt64.max))"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let context = try Context()
        for _ in 0..<2 {
            let router = try Socket(.router, in: context)
            try router.bind("ipc://\(path)")
            let dealer = try Socket(.dealer, in: context)
            try dealer.connect("ipc://\(path)")
            try dealer.send([1])
            try waitUntilReadable(router)
        }
        #expect(FileManager.default.fileExists(atPath: path), "libzmq 4.3.4 leaves it; the bus removes it")
    }

    @Test func `errors name the call, the endpoint and the reason`() throws {
        let context = try Context()
        let first = try Socket(.router, in: context)
        let endpoint = try first.bind("tcp://127.0.0.1:*")
        let second = try Socket(.router, in: context)
        let error = #expect(throws: ZeroMQError.self) { try second.bind(endpoint) }
        #expect(error?.code == .addressInUse)
        #expect(error?.operation == .bind)
        #expect(error?.isRetriable == true)
        #expect(error?.description == "ZeroMQ could not bind \(endpoint): Address already in use")
        let invalid = #expect(throws: ZeroMQError.self) { try second.connect("nonsense") }
        #expect(invalid?.isRetriable == false)
    }

    @Test func `a shut down context ends a blocking receive on another thread`() async throws {
        let context = try Context()
        let error = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                do throws(ZeroMQError) {
                    let socket = try Socket(.sub, in: context)
                    context.shutdown()
                    _ = try socket.receive(wait: true)
                    continuation.resume(returning: ZeroMQError?.none)
                } catch {
                    continuation.resume(returning: error)
                }
            }
        }
        #expect(error?.code == .terminated)
    }

    @Test func `a context is terminated when its last socket is gone, even with messages unsent`() throws {
        for _ in 0..<20 {
            let socket = try Socket(.dealer, in: try Context())
            try socket.connect("tcp://127.0.0.1:9")
            try socket.send([1])
        }
    }
}
