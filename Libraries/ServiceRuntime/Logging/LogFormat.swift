import Logging

/// How a log line looks.
package enum LogFormat: String, CaseIterable, Sendable {
    /// For people: time, level, message, `key=value`.
    case text
    /// For collectors: one JSON object a line.
    case json
}

/// One log line, before it is written.
struct LogLine {
    /// RFC 3339, UTC, milliseconds.
    var time: String
    var level: Logger.Level
    var service: String
    var message: String
    var metadata: Logger.Metadata

    /// With the line break.
    func rendered(as format: LogFormat, coloured: Bool) -> String {
        switch format {
        case .text: self.text(coloured: coloured)
        case .json: self.json
        }
    }

    private func text(coloured: Bool) -> String {
        let word = self.level.rawValue.uppercased().padding(to: 8)
        var line =
            "\(self.time) \(coloured ? self.level.colour + word + "\u{1B}[0m" : word) \(self.message.escapedForTerminals)"
        for (key, value) in self.metadata.sorted(by: { $0.key < $1.key }) {
            let text = "\(value)".escapedForTerminals
            line += " \(key)=" + (text.isEmpty || text.contains(" ") ? "\"\(text)\"" : text)
        }
        return line + "\n"
    }

    private var json: String {
        var line = "{\"time\":\"\(self.time)\",\"level\":\"\(self.level.rawValue)\",\"service\":"
        line.appendJSON(self.service)
        line += ",\"message\":"
        line.appendJSON(self.message)
        for (key, value) in self.metadata.sorted(by: { $0.key < $1.key }) {
            line += ","
            line.appendJSON(Self.reserved.contains(key) ? "metadata." + key : key)
            line += ":"
            line.appendJSON(value)
        }
        return line + "}\n"
    }

    /// The line's own names: metadata of these names must not appear as a second one.
    private static let reserved: Set<String> = ["time", "level", "service", "message"]
}

extension Logger.Level {
    fileprivate var colour: String {
        switch self {
        case .trace, .debug: "\u{1B}[2m"
        case .info: "\u{1B}[32m"
        case .notice: "\u{1B}[36m"
        case .warning: "\u{1B}[33m"
        case .error: "\u{1B}[31m"
        case .critical: "\u{1B}[1;31m"
        }
    }

    /// Any case of letters; Python's names too, since the predecessor's `.env` uses them.
    static func parse(_ text: String) -> Logger.Level? {
        switch text.lowercased() {
        case "warn": .warning
        case "fatal": .critical
        case let name: Logger.Level(rawValue: name)
        }
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(0, width - self.count))
    }
}
