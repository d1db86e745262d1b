import AsyncHTTPClient
import Foundation
import Logging
import Metrics
import NIOCore
import NIOHTTP1
import Synchronization
import Testing

@testable import ServiceRuntime

struct HealthServerTests {
    private struct Running {
        var authority: String
        var health: Health
        var metrics: PrometheusFactory
        var stateDirectory: String

        func get(_ path: String) async throws -> (status: UInt, type: String?, body: String) {
            let request = HTTPClientRequest(url: "http://\(self.authority)\(path)")
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
            let body = try await response.body.collect(upTo: 1 << 20)
            return (response.status.code, response.headers.first(name: "content-type"), String(buffer: body))
        }
    }

    private func withServer(
        host: String = "127.0.0.1",
        limits: HTTPLimits = HTTPLimits(),
        _ body: (Running) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let health = Health()
            let metrics = PrometheusFactory()
            let (bound, continuation) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(1))
            let server = HealthServer(
                service: "writer",
                address: try HTTPSettings(Settings(values: ["HTTP_PORT": "0", "HTTP_HOST": host]), service: "writer"),
                health: health,
                metrics: metrics,
                stateDirectory: directory,
                logger: CapturedLines().logger(),
                limits: limits,
                onBound: { continuation.yield($0) }
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try? await server.run() }
                var ports = bound.makeAsyncIterator()
                let port = try #require(await ports.next())
                let authority = HTTPAuthority.text(host: LocalAddress.bare(host), port: port)
                try await body(
                    Running(authority: authority, health: health, metrics: metrics, stateDirectory: directory)
                )
                group.cancelAll()
            }
            #expect(RunFile.all(in: directory) == [])
        }
    }

    @Test func `it is ready when every part is, and says which is not and why`() async throws {
        try await self.withServer { server in
            #expect(try await server.get("/health/live").status == 200)
            #expect(try await server.get("/health/ready").status == 200)
            server.health.report("irc", reason: "not \"connected\" yet")
            server.health.report("bus", reason: nil)
            let answer = try await server.get("/health/ready")
            #expect(answer.status == 503)
            #expect(answer.type == "application/json")
            #expect(
                answer.body == """
                    {"service":"writer","ready":false,"parts":{"bus":{"ready":true},\
                    "irc":{"ready":false,"reason":"not \\"connected\\" yet"}}}

                    """
            )
            #expect(try await server.get("/health/live").status == 200)
            server.health.report("irc", reason: nil)
            #expect(try await server.get("/health/ready").status == 200)
            #expect(try await server.get("/nothing").status == 404)
        }
    }

    @Test func `metrics are served in Prometheus' format`() async throws {
        try await self.withServer { server in
            Counter(label: "events_total", factory: server.metrics).increment(by: 3)
            let answer = try await server.get("/metrics")
            #expect(answer.type == "text/plain; version=0.0.4; charset=utf-8")
            #expect(answer.body.contains("\nevents_total 3\n") && answer.body.contains("\nprocess_open_fds "))
            #expect(answer.body.contains("\nservice_ready 1\n"))
            server.health.report("irc", reason: "not connected")
            server.health.report("bus", reason: nil)
            let troubled = try await server.get("/metrics").body
            for line in [
                "service_ready 0", #"service_part_ready{part="irc"} 0"#, #"service_part_ready{part="bus"} 1"#,
            ] {
                #expect(troubled.contains("\n\(line)\n"), "\(line)")
            }
        }
    }

    @Test func `the run file says where, and is gone afterwards`() async throws {
        try await self.withServer { server in
            let files = RunFile.all(in: server.stateDirectory)
            #expect(
                files == [
                    RunFile(
                        service: "writer",
                        pid: ProcessInfo.processInfo.processIdentifier,
                        http: server.authority,
                        directory: FileManager.default.currentDirectoryPath,
                        settings: [:]
                    )
                ]
            )
            try write("half a fi", to: "\(server.stateDirectory)/run/stale-1.json")
            #expect(RunFile.all(in: server.stateDirectory) == files)
        }
    }

    @Test func `a port in use is one line that names the variable`() async throws {
        try await self.withServer { server in
            let port = try #require(server.authority.split(separator: ":").last.map(String.init))
            let second = HealthServer(
                service: "writer",
                address: try HTTPSettings(Settings(values: ["WRITER_HTTP_PORT": port]), service: "writer"),
                health: Health(),
                metrics: PrometheusFactory(),
                stateDirectory: "/nowhere",
                logger: CapturedLines().logger()
            )
            let error = await #expect(throws: ServiceFailure.self) { try await second.run() }
            #expect(error?.exitStatus == .unavailable)
            #expect(
                error?.message
                    == "cannot answer health checks: WRITER_HTTP_PORT=\(port) on HTTP_HOST=127.0.0.1 is in use by "
                    + "another process; set WRITER_HTTP_PORT to a free port, or to 0 for any"
            )
        }
    }

    @Test(arguments: [
        ("irc-gateway", 9101), ("stream-poller", 9102), ("token-service", 9103), ("writer", 9104),
        ("twitch-simulator", nil),
    ])
    func `each service has its own port, and its own variable`(service: String, port: Int?) throws {
        #expect(try HTTPSettings(Settings(values: [:]), service: service).port == port)
        let variable = HTTPSettings.variable(for: service)
        #expect(try HTTPSettings(Settings(values: [variable: "5", "HTTP_PORT": "6"]), service: service).port == 5)
    }
}
