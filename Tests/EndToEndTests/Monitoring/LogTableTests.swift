import Foundation
import TestSupport
import Testing

/// docs/logs.md, and that no message makes a line.
struct LogTableTests {
    private struct Line: Hashable {
        var level: String
        var text: String
    }

    /// What is passed on to the logger as it comes, and from where: `report` of a journal and of PostgreSQL, and lines of
    /// the token service that are made where the decision is.
    private static let indirect = [
        "Journal+Read.swift": "critical", "JournalRecovery.swift": "critical", "PostgresStore.swift": "warning",
        "TokenReport.swift": "error", "TokenServiceParts.swift": "warning",
    ]

    private static func documented() throws -> [Line] {
        try MetricsPage.file("docs/logs.md").split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 5, cells[2].hasPrefix("`") else { return nil }
            return Line(level: cells[1], text: String(cells[2].dropFirst().dropLast()))
        }
    }

    /// The files of libraries and services by their names, with string literals that stand on several lines made one.
    private static func sources() throws -> [(name: String, text: String)] {
        try ["Libraries", "Services"].flatMap { folder in
            let root = MetricsPage.repository.appending(path: folder)
            let files = FileManager.default.enumerator(atPath: root.path)
            var found: [(name: String, text: String)] = []
            while let file = files?.nextObject() as? String {
                guard file.hasSuffix(".swift") else { continue }
                let text = try String(contentsOf: root.appending(path: file), encoding: .utf8)
                    .replacing(/\\\n\s*/, with: "")
                    .replacing(/"\s*\+ "/, with: "")
                found.append((String(file.split(separator: "/").last ?? ""), text))
            }
            return found
        }
    }

    /// The messages that the sources log at warning or above.
    private static func logged() throws -> Set<Line> {
        var lines: Set<Line> = []
        for (name, text) in try sources() {
            for call in text.matches(of: /[lL]ogger\.(warning|error|critical)\(\s*("{3}\s*|")?([^"]*)/) {
                guard call.output.2 != nil, !call.output.3.hasPrefix("\\(") else {
                    #expect(indirect[name] == String(call.output.1), "\(name) logs what this test cannot see")
                    continue
                }
                let words = call.output.3.trimmingCharacters(in: .whitespacesAndNewlines)
                lines.insert(Line(level: String(call.output.1), text: words))
            }
            for call in text.matches(of: /logger\.log\(\s*level: [^"]*"([^"]*)"/) {
                lines.insert(Line(level: "warning", text: String(call.output.1)))
            }
            guard let level = indirect[name] else { continue }
            for call in text.matches(of: /\breport\((?:error, )?"([^"]*)"/) {
                lines.insert(Line(level: level, text: String(call.output.1)))
            }
        }
        return lines
    }

    @Test func `every warning and error is in the table, with its level`() throws {
        let logged = try Self.logged()
        #expect(logged.count > 60)
        let missing = logged.subtracting(try Self.documented())
        #expect(missing.isEmpty, "not in docs/logs.md: \(missing.map { "\($0.level): \($0.text)" }.sorted())")
    }

    @Test func `every line of the table can be logged, and stands there once`() throws {
        let logged = try Self.logged()
        let sources = try Self.sources().map(\.text).joined()
        let documented = try Self.documented()
        #expect(Set(documented).count == documented.count)
        for line in documented where !logged.contains(line) {
            // Some are put together: what does not vary must be somewhere.
            #expect(line.text.contains("…"), "\(line.text) is logged nowhere")
            for part in line.text.split(separator: "…") where part.count > 4 {
                #expect(sources.contains(part), "\(part) is said nowhere")
            }
        }
    }

    @Test func `a burst of messages makes no line at info`() async throws {
        try await Stack.with { stack in
            try stack.startWriter()
            try stack.startGateway()
            try await stack.joined()
            try await stack.expectStored(stack.control.burst(stack.channels, 10).ids)
            let quiet = stack.saidLines
            let more = try await stack.control.burst(stack.channels, 2000, kinds: nil)
            #expect(more.lines == 2000)
            try await eventually("all is stored") { stack.rows("chat_messages") > 1000 }
            try await eventually("the journal is drained") {
                let gateway = try #require(stack.gateway)
                let scrape = try await Readiness.page("metrics", of: gateway, stateDirectory: stack.state)
                return scrape.contains("\nbus_journal_undelivered_seconds 0\n")
            }
            // A busy machine may make a producer seem silent for a moment.
            #expect(stack.saidLines - quiet < 20)
        }
    }
}

extension Stack {
    /// How many lines the services have logged.
    fileprivate var saidLines: Int {
        [gateway, writer].compactMap(\.self).reduce(0) { $0 + $1.errorOutput.split(separator: "\n").count }
    }
}
