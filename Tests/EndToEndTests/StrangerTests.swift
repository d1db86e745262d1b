import EventBus
import Foundation
import Glibc
import TestSupport
import Testing

/// Whoever reaches a port of the bus and has no key. Everything is on loopback, bounded in number and time.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct StrangerTests {
    private static let count = 1100

    /// The soft limit of 1,024 is what most systems start programs with; a hard one cannot be raised.
    @Test(arguments: ["-Sn 1024", "-n 1024"])
    func `eleven hundred connections without a key end nothing, chat goes on, and they are closed`(
        _ limit: String
    ) async throws {
        try await Stack.with { stack in
            let keys = KeyDirectory(stack.directory + "/keys")
            for name in ["irc-gateway", "writer"] { try keys.make(name) }
            let gateway = try RunningProgram(
                "/bin/bash",
                ["-c", "ulimit \(limit) && exec \(RunningProgram.programs)/irc-gateway"],
                environment: stack.environment.merging([
                    "BUS_BIND": "tcp://127.0.0.1:*", "BUS_KEYS_DIR": keys.path, "LOG_FORMAT": "json",
                ]) { $1 },
                in: stack.directory
            )
            defer { gateway.send(SIGKILL) }
            try await eventually("the gateway listens: \(gateway.errorOutput)") { Self.port(gateway) != nil }
            let port = try #require(Self.port(gateway))
            try stack.startWriter(["IRC_GATEWAY_BUS": "tcp://127.0.0.1:\(port)", "BUS_KEYS_DIR": keys.path])
            try await stack.joined()
            var offered = try await stack.control.burst(stack.channels, 50).ids
            try await stack.expectStored(offered)
            let before = Self.openFiles(gateway)

            let strangers = (0..<Self.count).map { Self.connect(port + UInt16($0 % 2)) }
            defer { for stranger in strangers where stranger >= 0 { close(stranger) } }
            try await eventually("they are there") { Self.openFiles(gateway) > min(700, before + 500) }
            #expect(gateway.isRunning)
            offered.formUnion(try await stack.control.burst(stack.channels, 50).ids)
            try await stack.expectStored(offered)
            try await eventually("they are closed: \(Self.openFiles(gateway))", within: .seconds(60)) {
                Self.openFiles(gateway) < before + 50
            }
            offered.formUnion(try await stack.control.burst(stack.channels, 50).ids)
            try await stack.expectStored(offered)
            #expect(gateway.errorOutput.split(separator: "\n").count < 60)
            let status = try await gateway.stop()
            #expect(status == 0, "\(gateway.errorOutput.suffix(1000))")
        }
    }

    private static func port(_ gateway: RunningProgram) -> UInt16? {
        gateway.errorOutput.firstMatch(of: /"bus\.endpoint":"tcp:\\?\/\\?\/127\.0\.0\.1:(\d+)"/)
            .flatMap { UInt16($0.output.1) }
    }

    private static func openFiles(_ program: RunningProgram) -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(program.pid)/fd").count) ?? 0
    }

    /// A connection that says nothing; nobody waits until it is there.
    private static func connect(_ port: UInt16) -> CInt {
        let type = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        let descriptor = socket(AF_INET, Int32(type), 0)
        guard descriptor >= 0 else { return -1 }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        _ = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return descriptor
    }
}
