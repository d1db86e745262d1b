import Dispatch
import Foundation
import NIOCore
import NIOPosix
import ServiceLifecycle
import TestSupport
import Testing

@testable import ServiceRuntime

struct SystemdReportsTests {
    private struct Part: Service {
        var body: @Sendable () async -> Void
        func run() async { await self.body() }
    }

    /// Runs a service whose only part ends when `body` lets it, and returns what systemd heard.
    private func heard(
        _ environment: [String: String] = [:],
        during body: (DatagramListener, Health) async throws -> Void
    ) async throws -> [String] {
        try await withTemporaryDirectory { directory in
            let listener = try DatagramListener("\(directory)/notify")
            let variables = [
                "HTTP_PORT": "0", "STATE_DIR": "\(directory)/state", "NOTIFY_SOCKET": "\(directory)/notify",
            ]
            let runtime = try ServiceRuntime.make(
                "writer",
                sources: ConfigurationSources(
                    environment: variables.merging(environment) { $1 },
                    workingDirectory: directory
                ),
                checkOnly: false,
                output: CapturedLines().output
            )
            let (ends, end) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
            async let running: Void? = try? runtime.run(
                [Part { for await _ in ends.cancelOnGracefulShutdown() {} }],
                supervised: false,
                endProcess: {}
            )
            do { try await body(listener, runtime.health) } catch {
                end.finish()
                _ = await running
                throw error
            }
            // A part that ends stops the group, as SIGTERM does.
            end.finish()
            _ = await running
            return listener.lines
        }
    }

    @Test func `it is told that the service is up, how it is, and that it stops, in this order`() async throws {
        let lines = try await self.heard(["WATCHDOG_USEC": "100000"]) { listener, health in
            try await eventually { listener.lines.contains("READY=1") }
            health.report("database", reason: "it is\nlocked")
            try await eventually { listener.lines.contains("STATUS=not ready: database: it is locked") }
            health.report("database", reason: nil)
            try await eventually { listener.lines.last { $0.hasPrefix("STATUS=") } == "STATUS=ready" }
        }
        #expect(lines.first == "READY=1")
        #expect(lines.contains("WATCHDOG=1"))
        #expect(lines.filter { $0 == "READY=1" || $0 == "STOPPING=1" } == ["READY=1", "STOPPING=1"])
        #expect(lines.suffix(2) == ["STOPPING=1", "STATUS=stopping"])
    }

    @Test func `a loop that hangs is not fed for, and is again when it turns`() async throws {
        try await withTemporaryDirectory { directory in
            let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
            let (hanging, turning) = (group.next(), group.next())
            let listeners = try ["hanging", "turning"].map { try DatagramListener("\(directory)/\($0)") }
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for (name, loop) in [("hanging", hanging), ("turning", turning)] {
                    let environment = ["NOTIFY_SOCKET": "\(directory)/\(name)", "WATCHDOG_USEC": "20000"]
                    let socket = try #require(NotifySocket(environment: environment, pid: 1))
                    let (serving, bound) = AsyncStream<any EventLoop>.makeStream()
                    bound.yield(loop)
                    let reports = SystemdReports(socket: socket, health: Health(), serving: serving)
                    tasks.addTask { await reports.run() }
                }
                let release = DispatchSemaphore(value: 0)
                hanging.execute { release.wait() }
                try await eventually { listeners[0].lines.contains("READY=1") }
                let fed = listeners[0].lines.count { $0 == "WATCHDOG=1" }
                try await eventually { listeners[1].lines.count { $0 == "WATCHDOG=1" } > 10 }
                // One that was under way when the loop began to hang may still have come.
                #expect(listeners[0].lines.count { $0 == "WATCHDOG=1" } <= fed + 1)
                release.signal()
                try await eventually { listeners[0].lines.count { $0 == "WATCHDOG=1" } > fed + 1 }
                tasks.cancelAll()
            }
            try await group.shutdownGracefully()
        }
    }

    @Test func `the watchdog is fed twice in its time, and not at all where there is none`() async throws {
        let fed = try await self.heard(["WATCHDOG_USEC": "40000"]) { listener, _ in
            try await eventually { listener.lines.count { $0 == "WATCHDOG=1" } > 5 }
        }
        #expect(fed.contains("WATCHDOG=1"))
        let unfed = try await self.heard { listener, _ in
            try await eventually { listener.lines.contains("READY=1") }
        }
        #expect(!unfed.contains("WATCHDOG=1"))
    }
}
