import Foundation
import Protocol

/// The open sessions and a sign of life on disk, so that a start after `kill -9` can say since when nothing was heard.
///
/// All file I/O happens on a queue of its own.
final class SessionFile: Sendable {
    private static let listName = "sessions.json"

    private let disk = DiskQueue(label: "irc-gateway.sessions")
    private let sessions: URL
    private let alive: URL

    /// `directory` belongs to this gateway alone.
    init(directory: String) {
        let directory = URL(fileURLWithPath: directory, isDirectory: true)
        sessions = directory.appendingPathComponent(Self.listName)
        alive = directory.appendingPathComponent("alive")
    }

    /// Whether a directory's list is there and not empty; no more than a look at its size.
    static func mayHoldSessions(_ directory: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: "\(directory)/\(listName)")
        return (attributes?[.size] as? Int).map { $0 > "[]".utf8.count } ?? false
    }

    /// - Throws: when the files are there and cannot be read.
    func remains() async throws -> SessionRemains {
        try await disk.run { [sessions, alive] in
            guard FileManager.default.fileExists(atPath: sessions.path) else { return SessionRemains(sessions: []) }
            let open = try JSONDecoder().decode([CollectionSession].self, from: Data(contentsOf: sessions))
            let text = try? String(contentsOf: alive, encoding: .utf8)
            let words = text?.split(whereSeparator: \.isWhitespace).map(String.init) ?? []
            var remains = SessionRemains(sessions: open)
            remains.lastAlive = words.first.flatMap { Int64($0) }.flatMap(Self.time)
            if words.count == 3, let milliseconds = Int64(words[1]), (0...Self.longestUptime).contains(milliseconds) {
                remains.lastAliveBoot = BootTime(id: words[2], milliseconds: milliseconds)
            }
            return remains
        }
    }

    /// A thousand years, in milliseconds: more is damage.
    private static let longestUptime: Int64 = 31_557_600_000_000

    /// Nil for what has no text.
    private static func time(_ milliseconds: Int64) -> Timestamp? {
        (-62_167_219_200_000...253_402_300_799_999).contains(milliseconds) ? Timestamp(rawValue: milliseconds) : nil
    }

    /// Replaces the list as a whole: a reader sees the old one or the new one.
    func save(_ list: @escaping @Sendable () -> [CollectionSession]?) async throws {
        try await disk.run { [sessions] in
            // Asked for here, in turn, so that an older list never replaces a newer one.
            guard let list = list() else { return }
            try JSONEncoder().encode(list).write(to: sessions, options: .atomic)
        }
    }

    /// A sign of life: the time of day, and the machine's own time, by which a wrong time of day is found out later.
    func touch(at time: Timestamp, boot: BootTime? = nil) async throws {
        let machine = boot.map { " \($0.milliseconds) \($0.id)" } ?? ""
        try await disk.run { [alive] in
            try Data("\(time.rawValue)\(machine)\n".utf8).write(to: alive, options: .atomic)
        }
    }
}
