import Foundation
import TestSupport
import Testing

/// deploy/prometheus, judged by Prometheus itself.
@Suite(.enabled(if: Prometheus.isThere, "prometheus is missing: make test-deps"))
struct AlertTests {
    @Test func `Prometheus takes the configurations and the rules, and each alert fires when it should`() async throws {
        try await withTemporaryDirectory { directory in
            for name in ["prometheus.yml", "prometheus-host.yml"] {
                try await Prometheus.tool(["check", "config", "\(Prometheus.folder)/\(name)"], in: directory)
            }
            try await Prometheus.tool(["check", "rules", "\(Prometheus.folder)/alerts.yml"], in: directory)
            try await Prometheus.tool(["test", "rules", "\(Prometheus.folder)/alerts-test.yml"], in: directory)
        }
    }

    @Test func `each alert is documented and has a test`() throws {
        let names = Self.names(in: try MetricsPage.file("deploy/prometheus/alerts.yml"), behind: "- alert: ")
        #expect(names.count > 10)
        let tested = Self.names(in: try MetricsPage.file("deploy/prometheus/alerts-test.yml"), behind: "alertname: ")
        let documented = Set(
            try MetricsPage.file("docs/metrics.md").matches(of: /\n\| `([A-Z][A-Za-z]+)` \|/).map {
                String($0.output.1)
            }
        )
        #expect(tested == names)
        #expect(documented == names)
    }

    @Test func `a running Prometheus alerts of a real gateway whose events nobody stores, and stops when it does`()
        async throws
    {
        try await Stack.with { stack in
            try stack.startGateway()
            try await stack.joined()
            let gateway = try #require(stack.gateway)
            try await eventually("the gateway answers") {
                await Readiness.of(gateway, stateDirectory: stack.state)?.status == 200
            }
            let address = try Readiness.address(of: gateway, stateDirectory: stack.state)
            let (server, prometheus) = try Prometheus.start(
                in: stack.directory,
                targets: [("127.0.0.1:9101", address)]
            ) {
                $0.replacing("bus_journal_undelivered_seconds > 60", with: "bus_journal_undelivered_seconds > 3")
            }
            try await eventually("StorageLag fires; Prometheus said: \(server.errorOutput.suffix(500))") {
                let firing = try await Prometheus.firing(at: prometheus)
                let lag = firing.filter { $0["alertname"] == "StorageLag" }
                return lag.contains { $0["job"] == "irc-gateway" && $0["instance"] == address }
            }
            try stack.startWriter()
            try await eventually("it is over when the writer has stored them, and the gateway counts as up") {
                let firing = try await Prometheus.firing(at: prometheus)
                let isDown = firing.contains { $0["alertname"] == "ServiceDown" && $0["instance"] == address }
                // Nobody listens on the other ports of the configuration.
                let hasLooked = firing.contains { $0["alertname"] == "ServiceDown" }
                return hasLooked && !isDown && !firing.contains { $0["alertname"] == "StorageLag" }
            }
            try await gateway.killNow()
            try await eventually("a gateway that is gone is noticed") {
                try await Prometheus.firing(at: prometheus)
                    .contains { $0["alertname"] == "ServiceDown" && $0["instance"] == address }
            }
            let status = try await server.stop()
            #expect(status == 0)
        }
    }

    private static func names(in text: String, behind label: String) -> Set<String> {
        Set(
            text.components(separatedBy: label).dropFirst().map { rest in
                String(rest.prefix { $0.isLetter })
            }
        )
    }
}
