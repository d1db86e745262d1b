import Foundation

/// The table of docs/metrics.md, and what a scrape shows.
struct MetricsPage {
    struct Metric: Hashable, CustomStringConvertible {
        var name: String
        var kind: String
        var description: String { "\(name) (\(kind))" }
    }

    static let services = [
        "irc-gateway": "gateway", "stream-poller": "poller", "token-service": "tokens", "writer": "writer",
    ]

    static let repository = URL(fileURLWithPath: #filePath).appending(path: "../../../..").standardizedFileURL

    static func file(_ path: String) throws -> String {
        try String(contentsOf: repository.appending(path: path), encoding: .utf8)
    }

    private let rows: [(metric: Metric, services: [String])]

    init() throws {
        rows = try Self.file("docs/metrics.md").split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 4, cells[0].hasPrefix("`"), cells[1] != "severity" else { return nil }
            let name = cells[0].dropFirst().prefix { $0 != "`" && $0 != "{" }
            return (Metric(name: String(name), kind: cells[1]), cells[2].components(separatedBy: ", "))
        }
    }

    /// Every name of the table.
    var names: Set<String> { Set(rows.map(\.metric.name)) }

    /// What the table promises of a service.
    func metrics(of service: String) -> Set<Metric> {
        let label = Self.services[service] ?? service
        return Set(rows.filter { $0.services == ["all"] || $0.services.contains(label) }.map(\.metric))
    }

    /// The `# TYPE` lines of a scrape.
    static func shown(_ scrape: String) -> Set<Metric> {
        Set(
            scrape.split(separator: "\n").compactMap { line in
                let words = line.split(separator: " ").map(String.init)
                return words.starts(with: ["#", "TYPE"]) && words.count == 4
                    ? Metric(name: words[2], kind: words[3]) : nil
            }
        )
    }
}
