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

    /// What the previous process left behind.
    struct Remains: Sendable {
        var sessions: [CollectionSession]
        /// The last sign of life; nil when there is none.
        var lastAlive: Timestamp?
    }

    /// - Throws: when the files are there and cannot be read.
    func remains() async throws -> Remains {
        try await disk.run { [sessions, alive] in
            guard FileManager.default.fileExists(atPath: sessions.path) else { return Remains(sessions: []) }
            let open = try JSONDecoder().decode([CollectionSession].self, from: Data(contentsOf: sessions))
            let text = try? String(contentsOf: alive, encoding: .utf8)
            let lastAlive = text.flatMap { Int64($0.prefix { $0.isNumber }) }.map(Timestamp.init(rawValue:))
            return Remains(sessions: open, lastAlive: lastAlive)
        }
    }

    /// Replaces the list as a whole: a reader sees the old one or the new one.
    func save(_ list: @escaping @Sendable () -> [CollectionSession]?) async throws {
        try await disk.run { [sessions] in
            // Asked for here, in turn, so that an older list never replaces a newer one.
            guard let list = list() else { return }
            try JSONEncoder().encode(list).write(to: sessions, options: .atomic)
        }
    }

    func touch(at time: Timestamp) async throws {
        try await disk.run { [alive] in
            try Data("\(time.rawValue)\n".utf8).write(to: alive, options: .atomic)
        }
    }
}
