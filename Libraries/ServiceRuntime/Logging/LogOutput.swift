package import Logging
import Synchronization
package import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where log lines go: one write a line, in order, from any thread.
package final class LogOutput: Sendable {
    private struct State {
        var descriptor: FileDescriptor?
        var file: LogFile?
    }

    private let state: Mutex<State>
    private let capture: (@Sendable (String) -> Void)?
    /// An index into all levels; none of them as long as nobody has set one.
    private let levelIndex = Atomic<Int>(-1)

    /// Which lines are written, for every logger that writes here and has no level of its own; nil: as each was made.
    package var level: Logger.Level? {
        get {
            let index = self.levelIndex.load(ordering: .relaxed)
            return index < 0 ? nil : Logger.Level.allCases[index]
        }
        set {
            let index = newValue.flatMap { Logger.Level.allCases.firstIndex(of: $0) } ?? -1
            self.levelIndex.store(index, ordering: .relaxed)
        }
    }

    /// Opens the log file again: after it was moved, or its place became writable.
    package func reopen() { self.state.withLock { $0.file?.reopen() } }

    /// Writes to `descriptor`, usually standard error, and to `file`.
    package init(descriptor: FileDescriptor?, file: LogFile? = nil) {
        self.state = Mutex(State(descriptor: descriptor, file: file))
        self.capture = nil
    }

    /// Hands each line to `capture`: for tests.
    package init(capture: @escaping @Sendable (String) -> Void) {
        self.state = Mutex(State())
        self.capture = capture
    }

    /// Writes one line that needs no colours, line break included.
    package func write(_ line: String) { self.write(line, coloured: line) }

    /// Writes one line. A full disk or a closed terminal must not stop a collector: failures are ignored.
    func write(_ line: String, coloured: String) {
        self.capture?(line)
        self.state.withLock { state in
            _ = try? state.descriptor?.writeAll(coloured.utf8)
            state.file?.append(line)
        }
    }
}

/// A log file that several processes may share: appended, renamed at a size, reopened when someone else renamed it.
package struct LogFile: Sendable {
    private let path: String
    private let limit: Int
    private let kept: Int
    private var descriptor: FileDescriptor

    /// `limit` is in bytes; `kept` is how many older files (`path.1` is the newest of them) stay.
    package init(path: String, limit: Int, kept: Int) throws {
        self.path = path
        self.limit = limit
        self.kept = kept
        do {
            self.descriptor = try Self.open(path)
        } catch {
            throw Self.refusal(path, "\(error)")
        }
    }

    /// What ``init(path:limit:kept:)`` would refuse, found without making the file.
    static func check(_ path: String) throws {
        if let obstacle = WritablePlace.obstacle(toFile: path) { throw Self.refusal(path, obstacle) }
    }

    private static func refusal(_ path: String, _ reason: String) -> ConfigurationError {
        ConfigurationError(
            "LOG_FILE is '\(path)', which cannot be written: \(reason); name a file in an existing, writable directory"
        )
    }

    fileprivate mutating func append(_ line: String) {
        self.reopenIfMoved()
        _ = try? self.descriptor.writeAll(line.utf8)
        if let size = try? self.descriptor.seek(offset: 0, from: .end), size >= Int64(self.limit) { self.rotate() }
    }

    private mutating func reopenIfMoved() {
        let ours = try? self.descriptor.stat().inode
        if let ours, let current = try? FilePath(self.path).stat().inode, ours == current { return }
        self.reopen()
    }

    fileprivate mutating func reopen() {
        guard let fresh = try? Self.open(self.path) else { return }
        try? self.descriptor.close()
        self.descriptor = fresh
    }

    /// Two processes may come here at once; the second one finds a small file and leaves it.
    private mutating func rotate() {
        guard let size = try? FilePath(self.path).stat().size, size >= Int64(self.limit) else {
            self.reopenIfMoved()
            return
        }
        let files = FileManager.default
        try? files.removeItem(atPath: "\(self.path).\(self.kept)")
        for number in stride(from: self.kept - 1, through: 1, by: -1) {
            try? files.moveItem(atPath: "\(self.path).\(number)", toPath: "\(self.path).\(number + 1)")
        }
        if self.kept > 0 {
            try? files.moveItem(atPath: self.path, toPath: "\(self.path).1")
        } else {
            try? files.removeItem(atPath: self.path)
        }
        self.reopenIfMoved()
    }

    private static func open(_ path: String) throws -> FileDescriptor {
        try .open(
            FilePath(path),
            .writeOnly,
            options: [.append, .create, .closeOnExec],
            permissions: [.ownerReadWrite, .groupRead]
        )
    }
}
