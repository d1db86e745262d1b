import FoundationEssentials

/// One line of a log file, of either format, for a person.
struct LogRecord: Hashable, Sendable {
    /// RFC 3339 in UTC, so that texts sort as times do; that of the line before where the line has none.
    var time: String
    var service: String
    var line: String

    /// `2026-11-27T22:09:23.123Z`, where the line begins with it or is a JSON record that has it.
    static func time(of line: some StringProtocol) -> String? {
        let text: Substring
        if line.hasPrefix("{") {
            guard let key = line.firstRange(of: "\"time\":\"") else { return nil }
            text = Substring(line[key.upperBound...])
        } else {
            text = Substring(line)
        }
        let time = text.prefix(24)
        guard time.utf8.count == 24, time.utf8.last == UInt8(ascii: "Z"), time.dropFirst(10).first == "T",
            time.prefix(4).allSatisfy(\.isNumber)
        else { return nil }
        return String(time)
    }

    /// `time LEVEL service message key=value`.
    func text(_ style: Style) -> String {
        guard line.hasPrefix("{"),
            let fields = try? JSONDecoder().decode([String: LogValue].self, from: Data(line.utf8)),
            let message = fields["message"]?.text
        else {
            let rest = Self.time(of: line) == nil ? line[...] : line.dropFirst(25)
            return "\(style.dim(time.printable)) \(style.cyan(service)) \(rest.printable)"
        }
        let level = (fields["level"]?.text ?? "").uppercased()
        let details = fields.filter { !["time", "level", "service", "message"].contains($0.key) }
            .sorted { $0.key < $1.key }
            .map { " \($0.key)=\($0.value.word)" }
            .joined()
        let label = level + String(repeating: " ", count: max(0, 8 - level.count))
        return
            "\(style.dim(time.printable)) \(paint(label.printable, level, style)) \(style.cyan(service)) \(message.printable)"
            + style.dim(details.printable)
    }

    private func paint(_ text: String, _ level: String, _ style: Style) -> String {
        switch level {
        case "WARNING": style.yellow(text)
        case "ERROR", "CRITICAL": style.red(text)
        default: text
        }
    }
}
