import AsyncHTTPClient
import Foundation
import NIOCore
import TestSupport
import Testing

/// Debian's Prometheus, unpacked by `make test-deps`.
enum Prometheus {
    private static let programs = MetricsPage.repository.appending(path: ".build-tools/prometheus/usr/bin").path

    static var isThere: Bool { FileManager.default.isExecutableFile(atPath: programs + "/promtool") }

    static let folder = MetricsPage.repository.appending(path: "deploy/prometheus").path

    /// Runs `promtool` and returns what it said; fails the test if it is not content.
    @discardableResult
    static func tool(_ arguments: [String], in directory: String) async throws -> String {
        let tool = try RunningProgram(programs + "/promtool", arguments, in: directory)
        let status = try await tool.exitCode()
        #expect(status == 0, "promtool \(arguments.joined(separator: " ")): \(tool.output)\(tool.errorOutput)")
        return tool.output
    }

    /// A server with the rules and the configuration of deploy/prometheus, hurried: it looks each second, waits for
    /// nothing before it alerts, and finds each service where `targets` says.
    static func start(
        in directory: String,
        targets: [(from: String, to: String)],
        rules change: (String) -> String
    ) throws -> (server: RunningProgram, address: String) {
        let files = URL(fileURLWithPath: directory)
        var configuration = try MetricsPage.file("deploy/prometheus/prometheus-host.yml")
            .replacing(/(scrape_interval|scrape_timeout|evaluation_interval): \d+s/) { "\($0.output.1): 1s" }
        for target in targets { configuration = configuration.replacing(target.from, with: target.to) }
        try Data(configuration.utf8).write(to: files.appending(path: "prometheus.yml"))
        let rules = change(try MetricsPage.file("deploy/prometheus/alerts.yml"))
            .replacing(/for: \d+m/, with: "for: 0s")
        try Data(rules.utf8).write(to: files.appending(path: "alerts.yml"))
        let address = "127.0.0.1:\(try FreePort.any())"
        let server = try RunningProgram(
            programs + "/prometheus",
            [
                "--config.file=prometheus.yml", "--storage.tsdb.path=series", "--web.listen-address=\(address)",
                "--log.level=warn",
            ],
            in: directory
        )
        return (server, address)
    }

    /// The alerts that a server is firing now.
    static func firing(at address: String) async throws -> [[String: String]] {
        struct Answer: Decodable {
            struct Body: Decodable { var alerts: [Alert] }
            struct Alert: Decodable {
                var labels: [String: String]
                var state: String
            }
            var data: Body
        }
        let request = HTTPClientRequest(url: "http://\(address)/api/v1/alerts")
        guard let response = try? await HTTPClient.shared.execute(request, timeout: .seconds(10)),
            let body = try? await response.body.collect(upTo: 1 << 20),
            let answer = try? JSONDecoder().decode(Answer.self, from: Data(body.readableBytesView))
        else { return [] }
        return answer.data.alerts.filter { $0.state == "firing" }.map(\.labels)
    }
}
