import FoundationEssentials
import Synchronization

/// What the programs write to standard error: warnings are kept for the status, or everything is passed on.
final class LogLines: Sendable {
    private let kept = Mutex<[String]>([])
    private let passOn: (@Sendable (String) -> Void)?

    /// How many warnings the status shows.
    static let limit = 3

    /// - Parameter passOn: Where whole lines go when there is no status that they would spoil.
    init(passOn: (@Sendable (String) -> Void)?) {
        self.passOn = passOn
    }

    /// The newest warnings, oldest first.
    var warnings: [String] { kept.withLock { $0 } }

    func add(_ line: String, from program: String) {
        passOn?(line)
        guard let warning = Self.warning(line, from: program) else { return }
        kept.withLock { kept in
            kept.removeAll { $0 == warning }
            kept.append(warning)
            kept.removeFirst(max(0, kept.count - Self.limit))
        }
    }

    /// A JSON log record of level warning or worse, or any line that is none, as one line for a person.
    static func warning(_ line: String, from program: String) -> String? {
        guard line.hasPrefix("{") else { return line.isEmpty ? nil : line.printable }
        guard let record = try? JSONDecoder().decode(Record.self, from: Data(line.utf8)) else { return line.printable }
        guard ["warning", "error", "critical"].contains(record.level.lowercased()) else { return nil }
        let detail = record.error.map { ": \($0)" } ?? ""
        return "\(program): \(record.message)\(detail)".printable
    }

    private struct Record: Decodable {
        var level: String
        var message: String
        var error: String?
    }
}
