import Foundation
import TestSupport
import Testing

/// deploy/grafana: Grafana itself is not in Debian, so its dashboard is read by its meaning.
struct GrafanaTests {
    private struct Dashboard: Decodable {
        struct Panel: Decodable {
            var id: Int
            var type: String
            var title: String
            var gridPos: Position
            var datasource: Source?
            var targets: [Target]?
        }
        struct Position: Decodable {
            var h: Int
            var w: Int
            var x: Int
            var y: Int
        }
        struct Source: Decodable { var uid: String }
        struct Target: Decodable { var expr: String }
        var uid: String
        var panels: [Panel]
    }

    private static func dashboard() throws -> Dashboard {
        try JSONDecoder().decode(
            Dashboard.self,
            from: Data(try MetricsPage.file("deploy/grafana/dashboards/collector.json").utf8)
        )
    }

    private static func expressions() throws -> [String] {
        try dashboard().panels.flatMap { $0.targets ?? [] }.map(\.expr)
    }

    @Test func `every metric that an alert or a panel asks for exists`() throws {
        let known = try MetricsPage().names
        let texts = try Self.expressions() + [MetricsPage.file("deploy/prometheus/alerts.yml")]
        let name = /\b(?:irc|bus|writer|poller|helix|token|process|service)_[a-z_]+/
        let asked = Set(texts.flatMap { $0.matches(of: name).map { String($0.output) } })
        #expect(asked.count > 40)
        let suffix = /_(bucket|sum|count)$/
        #expect(asked.filter { !known.contains($0) && !known.contains($0.replacing(suffix, with: "")) } == [])
    }

    @Test func `its panels have a place, a name, and the data source that is provisioned`() throws {
        let source = try MetricsPage.file("deploy/grafana/provisioning/datasources/prometheus.yml")
        let uid = try #require(source.firstMatch(of: /uid: (\w+)/)?.output.1)
        let panels = try Self.dashboard().panels
        #expect(Set(panels.map(\.id)).count == panels.count)
        for panel in panels {
            #expect(!panel.title.isEmpty && panel.gridPos.w > 0 && panel.gridPos.x + panel.gridPos.w <= 24)
            guard panel.type != "row" else { continue }
            #expect(panel.datasource?.uid == String(uid), "\(panel.title)")
            #expect(panel.targets?.isEmpty == false, "\(panel.title)")
        }
        for (index, panel) in panels.enumerated() {
            for other in panels[..<index] {
                let (a, b) = (panel.gridPos, other.gridPos)
                let overlap = a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
                #expect(!overlap, "\(panel.title) lies over \(other.title)")
            }
        }
    }

    @Test(.enabled(if: Prometheus.isThere, "prometheus is missing: make test-deps"))
    func `Prometheus understands every expression of it`() async throws {
        try await withTemporaryDirectory { directory in
            let rules = try Self.expressions().enumerated().map { number, expression in
                let text = expression.replacing("$__rate_interval", with: "1m").replacing("'", with: "''")
                return "      - {record: 'panel_\(number)', expr: '\(text)'}\n"
            }
            let file = "\(directory)/panels.yml"
            let text = "groups:\n  - name: panels\n    rules:\n" + rules.joined()
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
            try await Prometheus.tool(["check", "rules", file], in: directory)
        }
    }
}
