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
            throw ConfigurationError(
                "LOG_FILE is '\(path)', which cannot be written: \(error); name a file in an existing, writable directory"
            )
        }
    }

    fileprivate mutating func append(_ line: String) {
        self.reopenIfMoved()
        _ = try? self.descriptor.writeAll(line.utf8)
        if let size = try? self.descriptor.seek(offset: 0, from: .end), size >= Int64(self.limit) { self.rotate() }
    }

    private mutating func reopenIfMoved() {
        let ours = try? self.descriptor.stat().inode
        if let ours, let current = try? FilePath(self.path).stat().inode, ours == current { return }
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
